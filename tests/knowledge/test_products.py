"""Names of drugs: brands, synonyms and products resolve to every ingredient, and nothing else is guessed."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levamen.criteria.nodes import Cite
from levamen.knowledge.loader import load_sources
from levamen.knowledge.model import KnowledgeError, Source
from levamen.knowledge.products import folded, load_products, named, packaged_products
from levamen.record.codes import entry, ids

DOSSIER = Path(__file__).parents[3] / "shared" / "sources" / "periprocedural-safety.md"
SOURCES = {"LABEL": Source(id="LABEL", title="Label", issuer="Maker", year="2025", url="https://example.org")}

# The brands and the Italian and French names of the safety dossier, 7.5.
NAMES = {
    "aspirin": "Aspirin, Cardioaspirin, Kardégic, acido acetilsalicilico, acide acétylsalicylique",
    "clopidogrel": "Plavix", "prasugrel": "Effient, Efient", "ticagrelor": "Brilinta, Brilique",
    "cangrelor": "Kengreal, Kengrexal", "cilostazol": "Pletal",
    "dipyridamole": "Persantine, Persantin, dipiridamolo", "warfarin": "Coumadin",
    "acenocoumarol": "Sintrom, acenocumarolo, acénocoumarol", "phenprocoumon": "Marcumar", "fluindione": "Previscan",
    "heparin": "eparina, héparine", "enoxaparin": "Lovenox, Clexane", "dalteparin": "Fragmin",
    "tinzaparin": "Innohep", "nadroparin": "Fraxiparine, Seleparina", "fondaparinux": "Arixtra",
    "dabigatran-etexilate": "Pradaxa, dabigatran, dabigatran etexilate", "rivaroxaban": "Xarelto",
    "apixaban": "Eliquis", "edoxaban": "Savaysa, Lixiana", "alteplase": "Activase, Actilyse",
    "tenecteplase": "TNKase, Metalyse", "ticlopidine": "Ticlid, Tiklid", "abciximab": "ReoPro",
    "eptifibatide": "Integrilin", "tirofiban": "Aggrastat", "ibuprofen": "Advil, Brufen, ibuprofene, ibuprofène",
    "naproxen": "Aleve, Naprosyn, naprossene, naproxène", "diclofenac": "Voltaren", "ketorolac": "Toradol",
    "etodolac": "Lodine", "indomethacin": "Indocin, indometacina", "meloxicam": "Mobic", "nabumetone": "Relafen",
    "oxaprozin": "Daypro", "piroxicam": "Feldene", "celecoxib": "Celebrex", "flurbiprofen": "Froben",
    "lidocaine": "Xylocaine, lidocaina", "bupivacaine": "Marcaine", "ropivacaine": "Naropin",
    "mepivacaine": "Carbocaine", "prilocaine": "Citanest", "chloroprocaine": "Nesacaine",
    "triamcinolone": "Kenalog, Kenacort", "methylprednisolone": "Depo-Medrol", "dexamethasone": "Decadron",
    "betamethasone": "Celestone", "ritonavir": "Norvir", "cobicistat": "Tybost",
}  # fmt: skip

# The ingredients that the label, or the page named in products.yaml, lists.
COMBINATIONS = {
    "Excedrin": {"acetaminophen", "aspirin", "caffeine"},
    "Excedrin Migraine": {"acetaminophen", "aspirin", "caffeine"},
    "Aggrenox": {"aspirin", "dipyridamole"},
    "Vimovo": {"naproxen", "esomeprazole"},
    "Duexis": {"ibuprofen", "famotidine"},
    "Alka-Seltzer": {"aspirin", "citric-acid", "sodium-bicarbonate"},
    "Alka-Seltzer Plus Cold & Cough": {"aspirin", "chlorpheniramine", "dextromethorphan", "phenylephrine"},
    "Advil Cold & Sinus": {"ibuprofen", "pseudoephedrine"},
    "Advil Cold, Sinus & Flu": {"ibuprofen", "pseudoephedrine", "chlorpheniramine"},
    "NyQuil": {"acetaminophen", "dextromethorphan", "doxylamine"},
    "DayQuil": {"acetaminophen", "dextromethorphan", "phenylephrine"},
    "Yosprala": {"aspirin", "omeprazole"},
    "Arthrotec": {"diclofenac", "misoprostol"},
    "Goody's Powder": {"acetaminophen", "aspirin", "caffeine"},
    "Fiorinal": {"butalbital", "aspirin", "caffeine"},
    "Percodan": {"oxycodone", "aspirin"},
    "DuoPlavin": {"clopidogrel", "aspirin"},
    "Aleve PM": {"naproxen", "diphenhydramine"},
    "Vicoprofen": {"hydrocodone", "ibuprofen"},
    "BC Powder": {"aspirin", "caffeine"},
    "Ultracet": {"tramadol", "acetaminophen"},
    "Percocet": {"oxycodone", "acetaminophen"},
    "Endocet": {"oxycodone", "acetaminophen"},
    "Lortab": {"hydrocodone", "acetaminophen"},
    "Norco": {"hydrocodone", "acetaminophen"},
    "Paxlovid": {"nirmatrelvir", "ritonavir"},
    "Kaletra": {"lopinavir", "ritonavir"},
    "Genvoya": {"elvitegravir", "cobicistat", "emtricitabine", "tenofovir"},
    "Stribild": {"elvitegravir", "cobicistat", "emtricitabine", "tenofovir"},
    "Symtuza": {"darunavir", "cobicistat", "emtricitabine", "tenofovir"},
    "Prezcobix": {"darunavir", "cobicistat"},
    "Evotaz": {"atazanavir", "cobicistat"},
    "Entresto": {"sacubitril", "valsartan"},
    "Exforge": {"amlodipine", "valsartan"},
    "Azor": {"olmesartan", "amlodipine"},
    "Diovan HCT": {"valsartan", "hydrochlorothiazide"},
    "Prinzide": {"lisinopril", "hydrochlorothiazide"},
    "Vaseretic": {"enalapril", "hydrochlorothiazide"},
    "Capozide": {"captopril", "hydrochlorothiazide"},
    "Tenoretic": {"atenolol", "chlorthalidone"},
    "Dyazide": {"hydrochlorothiazide", "triamterene"},
    "Maxzide": {"hydrochlorothiazide", "triamterene"},
    "Symbicort": {"budesonide", "formoterol"},
    "Advair": {"fluticasone", "salmeterol"},
    "Breo Ellipta": {"fluticasone", "vilanterol"},
    "Trelegy Ellipta": {"fluticasone", "umeclidinium", "vilanterol"},
    "Combivent": {"albuterol", "ipratropium"},
    "DuoNeb": {"albuterol", "ipratropium"},
    "Bactrim": {"sulfamethoxazole", "trimethoprim"},
    "Septra": {"sulfamethoxazole", "trimethoprim"},
    "Glucovance": {"glyburide", "metformin"},
    "Xigduo": {"dapagliflozin", "metformin"},
    "Contrave": {"naltrexone", "bupropion"},
    "Rytary": {"carbidopa", "levodopa"},
}

# Brands of one drug that products.yaml adds.
BRANDS = {
    "Bayer Aspirin": "aspirin", "Ecotrin": "aspirin", "Bufferin": "aspirin", "Halfprin": "aspirin",
    "baby aspirin": "aspirin", "St. Joseph Low Dose Aspirin": "aspirin", "Aspir-Low": "aspirin", "Miniprin": "aspirin",
    "Pepto-Bismol": "bismuth-subsalicylate", "Motrin": "ibuprofen", "Celexa": "citalopram", "Lexapro": "escitalopram",
    "Prozac": "fluoxetine", "Luvox": "fluvoxamine", "Paxil": "paroxetine", "Zoloft": "sertraline",
    "Cymbalta": "duloxetine", "Effexor": "venlafaxine", "Pristiq": "desvenlafaxine", "Wellbutrin": "bupropion",
    "Jantoven": "warfarin", "Remeron": "mirtazapine", "Desyrel": "trazodone",
}  # fmt: skip


@pytest.mark.parametrize(("drug", "name"), [(d, n) for d, names in NAMES.items() for n in [d, *names.split(", ")]])
def test_every_name_of_the_dossier_is_its_drug(drug: str, name: str) -> None:
    for spelled in (name, name.upper(), f" {name.lower()} ", f"{name}®"):
        assert named(spelled).drugs == (drug,)


def test_the_list_of_names_is_that_of_the_dossier() -> None:
    """Row by row: the names and brands that the table of 7.5 gives stand in the list above."""
    if not DOSSIER.is_file():
        pytest.skip(f"the dossier is not at {DOSSIER}")
    table = DOSSIER.read_text(encoding="utf-8").partition("### 7.5")[2].partition("Warnings:")[0]
    rows = [[cell.strip() for cell in row.strip("| ").split("|")] for row in table.splitlines() if row.startswith("| ")]
    names = [name for row in rows[1:] for cell in row[:2] for name in re.split(r"\s*[/,]\s*", cell) if name != "-"]
    assert len(names) > 150
    for name in names:
        assert len(named(name).drugs) == 1, name


@pytest.mark.parametrize(("name", "drugs"), COMBINATIONS.items())
def test_a_combination_is_all_of_its_ingredients(name: str, drugs: set[str]) -> None:
    found = named(name)
    assert (set(found.drugs), len(found.drugs), found.asks) == (drugs, len(drugs), None)
    assert found.product is not None
    assert found.product.cite.locator


@pytest.mark.parametrize(("name", "drug"), BRANDS.items())
def test_a_brand_is_its_drug(name: str, drug: str) -> None:
    assert named(name).drugs == (drug,)


def test_every_product_stands_in_a_test() -> None:
    tested = {folded(name) for name in (*COMBINATIONS, *BRANDS)}
    for product in packaged_products().products:
        assert tested & {folded(name) for name in product.names}, product.id


@pytest.mark.parametrize(
    ("text", "drugs"),
    [
        ("aspirin/dipyridamole", ("aspirin", "dipyridamole")),
        ("oxycodone-acetaminophen", ("oxycodone", "acetaminophen")),
        ("Lidocaine with epinephrine", ("lidocaine", "epinephrine")),
        ("clopidogrel + aspirin", ("clopidogrel", "aspirin")),
        ("Plavix and clopidogrel", ("clopidogrel",)),
        ("Excedrin, Eliquis", ("acetaminophen", "aspirin", "caffeine", "apixaban")),
        ("st-johns-wort", ("st-johns-wort",)),
        ("St. John's wort", ("st-johns-wort",)),
    ],
)
def test_several_names_are_all_their_drugs(text: str, drugs: tuple[str, ...]) -> None:
    assert named(text).drugs == drugs


def test_several_names_of_which_one_is_not_known_are_no_drug() -> None:
    assert named("aspirin/qwertyumab").drugs == ()
    assert named("aspirin and something").drugs == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("apixiban", "'apixiban' is not a known drug; nearest: apixaban"),
        ("xeralto", "'xeralto' is not a known drug; nearest: xarelto (rivaroxaban)"),
        ("elliquis", "'elliquis' is not a known drug; nearest: eliquis (apixaban)"),
        ("clopidogril", "'clopidogril' is not a known drug; nearest: clopidogrel"),
        ("warfrain", "'warfrain' is not a known drug; nearest: warfarin"),
        ("predniso", "'predniso' is not a known drug; nearest: prednisone"),
        ("qwertyumab", "'qwertyumab' is not a known drug and no known name is near it; say which drug it is"),
        (
            "Eliquis 5 mg",
            "'Eliquis 5 mg' is not a known drug; it holds the name eliquis (apixaban): "
            "write the drug alone, and its amount as the dose",
        ),
        ("blood thinner", "'blood thinner' may be any anticoagulant or antiplatelet: say which drug it is"),
        ("DOAC", "'DOAC' may be any direct oral anticoagulant: say which drug it is"),
        ("statin", "'statin' may be any statin: say which drug it is"),
        (
            "headache powder",
            "'headache powder' may be any of several products, which contain aspirin "
            "(HEADACHE-POWDER, first paragraphs; secondary): say which drug it is",
        ),
        ("1191", "'1191' is not a known drug and no known name is near it; say which drug it is"),
        ("", "'' is not a known drug and no known name is near it; say which drug it is"),
    ],
)
def test_what_nobody_can_tell_is_asked_and_never_guessed(text: str, says: str) -> None:
    found = named(text)
    assert (found.drugs, found.product, found.asks) == ((), None, says)


@pytest.mark.parametrize(
    "text",
    ["NSAID", "cold remedy", "Alka-Seltzer Plus", "Bayer", "painkiller", "steroid", "LMWH", "opioid", "supplement"],
)
def test_a_word_for_a_kind_is_a_question(text: str) -> None:
    found = named(text)
    assert found.drugs == ()
    assert "say which drug it is" in (found.asks or "")


def test_names_that_are_near_to_two_drugs_tell_both() -> None:
    """One letter away from both, so that neither is likelier."""
    assert named("prednisole").asks == "'prednisole' is not a known drug; nearest: prednisone or prednisolone"


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("advli", "nearest: advil (ibuprofen)"),  # five letters: one error
        ("adxxl", "no known name is near"),  # five letters: two
        ("apxxaban", "nearest: apixaban"),  # more than five: two errors
        ("apxxxxan", "no known name is near"),  # three
        ("apixabn", "nearest: apixaban"),
        ("apixabannn", "nearest: apixaban"),
        ("apixabannnn", "no known name is near"),
        ("paixabna", "nearest: apixaban"),  # two exchanges of neighbors
    ],
)
def test_how_near_a_name_must_be_to_be_told(text: str, near: str) -> None:
    assert near in (named(text).asks or "")


LOOK_ALIKES = [
    ("ketorolac", "ketoconazole"), ("Celebrex", "Celexa"), ("prednisone", "prednisolone"), ("Plavix", "Paxil"),
    ("citalopram", "escitalopram"), ("bupivacaine", "ropivacaine"), ("bupivacaine", "mepivacaine"),
    ("heparin", "Hespan"), ("Lodine", "codeine"), ("Zoloft", "Zocor"), ("Brilinta", "Brintellix"),
    ("enoxaparin", "nadroparin"), ("hydrocodone", "oxycodone"), ("hydromorphone", "morphine"),
    ("fluoxetine", "duloxetine"), ("fluoxetine", "paroxetine"), ("triamcinolone", "triamterene"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), LOOK_ALIKES)
def test_look_alikes_are_never_taken_for_one_another(one: str, other: str) -> None:
    assert named(one).drugs
    assert not set(named(one).drugs) & set(named(other).drugs)


EVERY_NAME = sorted({name for id in ids("drugs") for name in (id, *entry("drugs", id).get("synonyms", ()))})


@given(st.sampled_from(EVERY_NAME), st.data())
def test_a_typing_error_never_resolves(name: str, data: st.DataObject) -> None:
    """Unless it happens to spell another name exactly, or changes punctuation alone."""
    at = data.draw(st.integers(0, len(name) - 1))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    wrong = data.draw(st.sampled_from([name[:at] + name[at + 1 :], name[:at] + letter + name[at:]]))
    known = {folded(other) for other in EVERY_NAME} | {folded(n) for p in packaged_products().products for n in p.names}
    known |= {folded(str(entry("drugs", id)["label"])) for id in ids("drugs")}
    parts = {folded(part) for part in re.split(r"[-/+&,;]|\band\b|\bwith\b|\bplus\b", wrong)}
    if folded(wrong) not in known and not parts <= known:
        found = named(wrong)
        assert found.drugs == ()
        assert found.asks


@given(st.text(max_size=300))
def test_any_text_is_drugs_or_a_question_of_one_sentence(text: str) -> None:
    found = named(text)
    assert bool(found.drugs) != bool(found.asks)
    assert set(found.drugs) <= set(ids("drugs"))
    if found.asks:
        assert "\n" not in found.asks
        assert len(found.asks) < 360


def test_accents_case_and_trade_marks_do_not_matter() -> None:
    assert folded("  Kardégic™ ") == folded("KARDEGIC") == "kardegic"
    assert folded(unicodedata.normalize("NFD", "héparine")) == "heparine"
    assert folded("St. John’s-wort") == "st johns wort"


def test_every_drug_is_found_by_its_own_id_and_label() -> None:
    for id in ids("drugs"):
        assert named(id).drugs == (id,)
        assert named(str(entry("drugs", id)["label"])).drugs in ((id,), ())


def test_the_packaged_products_are_dated_and_cited() -> None:
    sources = load_sources(Path(__file__).parents[2] / "src" / "levamen" / "knowledge" / "sources")
    for product in packaged_products().products:
        assert product.checked == date(2026, 11, 21)
        assert product.cite.source in sources
        assert product.cite.mark in ("primary", "secondary")


GOOD = """
checked: 2026-11-21
recheck_by: 2027-11-21
products:
  mix: {names: [Mixol, mixol forte], drugs: [aspirin, caffeine], source: LABEL, locator: page 1, mark: primary}
questions:
  sort: {names: [sort of pill], says: any pill}
"""


def test_a_good_file(tmp_path: Path) -> None:
    path = tmp_path / "products.yaml"
    path.write_text(GOOD, encoding="utf-8")
    found = load_products(path, SOURCES)
    (product,) = found.products
    assert (product.id, product.names, product.drugs) == ("mix", ("Mixol", "mixol forte"), ("aspirin", "caffeine"))
    assert (product.cite, product.checked, product.note) == (
        Cite("LABEL", "page 1", "primary"),
        date(2026, 11, 21),
        None,
    )
    assert [(row.id, row.names, row.says, row.cite) for row in found.questions] == [
        ("sort", ("sort of pill",), "any pill", None)
    ]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("checked: 2026-11-21\n", "", "no checked"),
        ("[aspirin, caffeine]", "[aspirin, cafeine]", "'cafeine' is not in drugs; nearest: caffeine"),
        ("drugs: [aspirin, caffeine], ", "", "no drugs"),
        ("names: [Mixol, mixol forte], ", "", "no names"),
        ("source: LABEL", "source: BLOG", "the source 'BLOG' is not in knowledge/sources"),
        (", locator: page 1", "", "no locator"),
        (", mark: primary", "", "no mark"),
        ("mark: primary", "mark: sure", "'sure' is no mark"),
        ("[Mixol,", "[Eliquis,", "'Eliquis' is apixaban in the vocabulary"),
        ("names: [sort of pill]", "names: [MIXOL]", "'MIXOL' stands for mix already; a name has one meaning"),
        ("names: [sort of pill]", "names: [warfarin]", "'warfarin' is warfarin in the vocabulary"),
        (", says: any pill", "", "no says"),
        ("drugs: [aspirin", "dugs: [aspirin", "'dugs' is not known here"),
    ],
)
def test_what_the_loader_refuses(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in GOOD
    path = tmp_path / "products.yaml"
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=re.escape(says)) as refusal:
        load_products(path, SOURCES)
    assert "products.yaml" in str(refusal.value)
