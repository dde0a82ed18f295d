"""The thread that writes to the terminal, which may go away or stop reading at any time."""

from __future__ import annotations

from queue import SimpleQueue

from textual.drivers._writer_thread import WriterThread

LAST_WORDS_S = 1.0
"""How long a terminal may take for what is still to be written at the end."""


class OutputThread(WriterThread):
    """In place of Textual's, whose queue is bounded and read by nobody once a write has failed:
    the screen then waits for ever on its own last words, deaf to every signal."""

    def __init__(self, file: object) -> None:
        super().__init__(file)  # type: ignore[arg-type]
        self._texts: SimpleQueue[str | None] = SimpleQueue()
        self._gone = False

    def write(self, text: str) -> None:
        """Never waits; what is written to a terminal that has gone is dropped."""
        if not self._gone:
            self._texts.put(text)

    def run(self) -> None:
        try:
            while (text := self._texts.get()) is not None:
                self._file.write(text)
                if self._texts.empty():
                    self._file.flush()
            self._file.flush()
        except (OSError, ValueError):
            self._gone = True

    def stop(self) -> None:
        """Return when all is written, or when the terminal takes too long to read it."""
        self._texts.put(None)
        self.join(LAST_WORDS_S)
