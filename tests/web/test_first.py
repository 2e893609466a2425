import pytest
from django.urls import reverse
pytestmark = pytest.mark.django_db

def test_record(signed_in, patient):
    p = patient()
    c = signed_in("physician")
    for url in [reverse("patients"), reverse("record", args=[p.handle]), reverse("who_looked", args=[p.handle]), reverse("add_entry", args=[p.handle, "procedures"])+"?therapy=medial-branch-block", reverse("entry", args=[p.handle,"procedures","P-1"]), reverse("edit_entry", args=[p.handle,"procedures","P-1"]), reverse("strike_entry", args=[p.handle,"procedures","P-1"]), reverse("chart_file", args=[p.handle])]:
        r = c.get(url)
        assert r.status_code == 200, (url, r.content[:3000])
        open("/tmp/page-%s.html" % url.strip("/").replace("/","-").replace("?","-")[-30:],"wb").write(r.content)
    from records.facts import reading_of
    print(reading_of(p).balance)
