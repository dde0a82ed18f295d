"""A base class in another module: its subclass is a user of the file, it is none itself."""

from locust import HttpUser


class ShopUser(HttpUser):
    abstract = True

    def look_around(self):
        self.client.get("/shop")
