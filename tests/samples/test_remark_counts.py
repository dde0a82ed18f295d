from loadtui.samples.remark_counts import FURTHER_REMARKS, MAX_REMARKS, RemarkCounts


def test_a_remark_is_told_once_with_its_number() -> None:
    remarks = RemarkCounts()
    remarks.add("values were no numbers")
    remarks.add("names were too long", 3)
    remarks.add("values were no numbers", 2)
    assert remarks.by_text == {"values were no numbers": 3, "names were too long": 3}


def test_taken_remarks_are_forgotten() -> None:
    remarks = RemarkCounts()
    remarks.add("values were no numbers")
    assert remarks.take() == {"values were no numbers": 1}
    assert remarks.take() == {}


def test_texts_without_end_are_counted_as_one() -> None:
    remarks = RemarkCounts()
    for number in range(MAX_REMARKS + 20):
        remarks.add(f"remark {number}")
    remarks.add("remark 0")
    assert len(remarks.by_text) == MAX_REMARKS + 1
    assert remarks.by_text[FURTHER_REMARKS] == 20
    assert remarks.by_text["remark 0"] == 2
