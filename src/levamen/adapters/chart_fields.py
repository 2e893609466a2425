"""The fields of a chart, section by section: the one table that both reads charts and publishes their schema."""

from __future__ import annotations

from decimal import Decimal

from levamen.adapters import chart_checks as check
from levamen.adapters.chart_areas import AREAS, check_areas
from levamen.adapters.chart_completeness import make_completeness
from levamen.adapters.chart_intake import INTAKE, check_codes
from levamen.adapters.chart_kinds import (
    Field,
    Flag,
    Many,
    Moment,
    Nullable,
    Number,
    NumberOrText,
    OneOf,
    Pairs,
    Table,
    Text,
    Word,
    Words,
)
from levamen.adapters.chart_measures import Clock, Every, Measure, Percent
from levamen.adapters.chart_medications import DrugName, Medications, make_medications
from levamen.adapters.chart_targets import normal_level
from levamen.record import facts

ZERO = Decimal(0)
AMOUNT = Number(low=ZERO)
COUNT = Number(low=ZERO, whole=True)


def word(*sections: str, loose: bool = False) -> Word:
    return Word(sections, loose=loose)


def words(*sections: str) -> Words:
    return Words(Word(sections))


def levels(section: str) -> Words:
    return Words(Word((section,), normal=normal_level))


def state_code(text: str) -> str:
    return text.strip().upper()


COMMON = (
    Field("recorded", Moment(), says="when it was written down; the default is its own date"),
    Field("author", Text()),
    Field("source", Text()),
    Field("note", Text(), says="quotable text"),
)
ID = Field("id", Text(), says="unique in the chart")
PAIN = Field("pain", Text(refers="pain"), says="id of the index pain", title="Index pain")

TARGET = (
    Field("region", word("regions")),
    Field("side", word("sides"), says="absent means unknown, never both"),
    Field("levels", Many(Text()), says="alias; prefer joints, interspaces, vertebrae or roots", alias=True),
    Field("joints", levels("spinal_joints")),
    Field("interspaces", levels("spinal_joints")),
    Field("vertebrae", words("vertebrae")),
    Field("roots", words("roots")),
    Field("foramina", levels("foramina")),
    Field("nerves", words("nerves")),
    Field("nerve", word("nerves"), alias=True),
    Field("joint", word("joints")),
    Field("muscles", words("muscles")),
    Field("muscle", word("muscles"), alias=True),
    Field("site", word("pain_sites")),
)

AGENT = Table(
    "agent",
    (
        Field("drug", word("drugs")),
        Field("concentration", Measure("0.5 % or 10 mg/mL", ratio=True)),
        Field("volume", Measure("2 mL")),
        Field("dose", Measure("10 mg")),
        Field("lot", Text(), says="as it stands on the vial"),
        *COMMON,
    ),
    required=("drug",),
    make=check.makes(facts.Agent, check.add_classes),
)
RELIEF = Table(
    "relief",
    (
        Field("scale", word("instruments")),
        Field("before", Number()),
        Field("after", Number()),
        Field("percent", Percent(), says="stated by the patient; scores are preferred", title="Per cent of relief"),
        Field("at", Moment(timed=True), title="When"),
        Field("activity", Flag(), says="the movement that usually hurts was done", title="Usual movement done"),
        *COMMON,
    ),
    any_of=("before", "after", "percent"),
    make=check.makes(facts.Relief, check.check_relief),
)
FUNCTION = Table(
    "function",
    (
        Field("instrument", word("instruments")),
        Field("before", Number()),
        Field("after", Number()),
        Field("at", Moment(timed=True), title="When"),
        *COMMON,
    ),
    required=("instrument",),
    make=check.makes(facts.FunctionChange, check.check_function),
)
DIARY_ROW = Table(
    "diary-row",
    (Field("at", Moment(timed=True), title="When"), Field("value", Number(low=ZERO, high=Decimal(10))), *COMMON),
    required=("at", "value"),
    make=check.makes(facts.DiaryRow),
)
TRIAL = Table(
    "trial",
    (
        Field("coverage_adequate", Flag()),
        Field("repositioned", Flag()),
        Field("satisfied", Flag()),
        Field("activity_test", Flag()),
        Field("mme_before", AMOUNT, title="Morphine milligram equivalents before"),
        Field("mme_after", AMOUNT, title="Morphine milligram equivalents after"),
        Field("analgesic_change_percent", Number(low=Decimal(-100)), title="Change of analgesics (per cent)"),
        Field("diary", Many(DIARY_ROW, alone=False)),
    ),
    make=check.makes(facts.Trial),
)
EXPOSURE = Table(
    "exposure",
    (
        Field("fluoroscopy_s", AMOUNT, title="Fluoroscopy (s)"),
        Field("air_kerma_mgy", AMOUNT, title="Air kerma (mGy)"),
        Field("dose_area_product_gy_cm2", AMOUNT, title="Dose–area product (Gy·cm²)"),
        Field("images", COUNT, title="Images kept"),
        Field("contrast_ml", AMOUNT, title="Contrast (mL)"),
    ),
    make=check.makes(facts.Exposure),
)

PROCEDURE = (
    ID,
    Field("therapy", word("therapies")),
    Field("status", word("procedure_statuses")),
    Field("date", Moment(), says="the same as start", alias=True),
    Field("start", Moment(timed=True)),
    Field("end", Moment(timed=True)),
    PAIN,
    *TARGET,
    Field("purpose", word("purposes")),
    *(Field(name, word(f"qualifiers.{name}")) for name in check.QUALIFIERS),
    Field("leads", COUNT),
    Field("contacts", COUNT),
    Field("guidance", word("guidance")),
    Field("contrast", word("contrast")),
    Field("agents", Many(AGENT)),
    Field("operator", Text()),
    Field("setting", word("settings")),
    Field("sedation", word("sedation")),
    Field("session", Text(), says="procedures of one session share it"),
    Field("relief", Many(RELIEF)),
    Field("function", Many(FUNCTION)),
    Field("relief_ended", Moment(timed=True)),
    Field("complications", Many(word("events"))),
    Field("exposure", EXPOSURE),
    Field("trial", TRIAL),
    *COMMON,
)

PUMP_DRUG = Table(
    "pump-drug",
    (
        Field("drug", word("drugs")),
        Field("concentration", Measure("10 mg/mL")),
        Field("dilution", OneOf((Flag(), NumberOrText()))),
        Field("first_fill", OneOf((Flag(), Moment()))),
    ),
    required=("drug",),
)
PUMP = Table(
    "pump",
    (
        Field("reservoir_ml", AMOUNT, title="Reservoir (mL)"),
        Field("filled_ml", AMOUNT, title="Filled with (mL)"),
        Field("filled_at", Moment(timed=True), title="Filled"),
        Field("residual_ml", AMOUNT, title="Residual volume (mL)"),
        Field("residual_at", Moment(timed=True), title="Residual volume read"),
        Field("alarm_ml", AMOUNT, title="Low reservoir alarm (mL)"),
        Field("rate_ml_per_day", AMOUNT, title="Rate (mL a day)"),
        Field("dose_per_day", OneOf((AMOUNT, Measure("3.2 mg"))), title="Dose a day"),
        Field(
            "bolus_ml_per_day_max",
            AMOUNT,
            says="what the patient may add in a day; 0 where nothing",
            title="Most bolus a day (mL)",
        ),
        Field("drugs", Many(PUMP_DRUG)),
        Field("eri", Moment(), says="elective replacement indicator", title="Elective replacement indicator"),
        Field("eos", Moment(), says="end of service of the battery", title="End of service of the battery"),
    ),
)
ABOUT = Table(
    "about",
    (Field("policy", word("policies")), Field("criterion", Text()), Field("flag", word("flags"))),
    any_of=("policy", "criterion", "flag"),
)


def section(
    struct: type[facts.Fact],
    *fields: Field,
    required: tuple[str, ...] = (),
    any_of: tuple[str, ...] = (),
    make: check.Make | None = None,
    title: str = "",
) -> Table:
    """The table of one section of facts: its own fields between `id` and what every entry may carry."""
    return Table(
        struct.section, (ID, *fields, *COMMON), required, any_of, make=make or check.makes(struct), title=title
    )


SPAN = check.in_order("start", "end")
LASTING = check.in_order("since", "until")

SECTIONS: dict[str, Table] = {
    "pain": section(
        facts.Pain,
        Field("site", word("pain_sites")),
        Field("region", word("regions")),
        Field("side", word("sides")),
        Field("pattern", word("pain_patterns")),
        Field("mechanism", word("pain_mechanisms")),
        Field("course", word("pain_courses")),
        Field("since", Moment()),
        Field("until", Moment()),
        Field("areas", AREAS, says="areas of the body map that the person marked, as in front-left-knee"),
        Field("onset", word("pain_onsets"), says="how it began"),
        Field("qualities", words("pain_qualities")),
        Field("worse_with", words("pain_influences")),
        Field("better_with", words("pain_influences")),
        Field("most_days", Flag(), says="on at least half of the days of the past 6 months"),
        Field(
            "icd11",
            Many(Text(r"MG30(?:\.[0-9YZ][0-9]?)?", "MG30.02")),
            says="ICD-11 codes of chronic pain",
            title="ICD-11 codes of chronic pain",
        ),
        make=check.makes(facts.Pain, check_codes, LASTING, check_areas),
    ),
    "problems": section(
        facts.Problem,
        Field("concept", word("conditions")),
        Field("icd10", Text(r"[A-Za-z][0-9][0-9A-Za-z](?:\.?[0-9A-Za-z]{1,4})?", "M47.816"), title="ICD-10-CM code"),
        Field("snomed", Text(r"[0-9]{6,18}", "279039007"), title="SNOMED CT code"),
        *TARGET,
        Field("attributes", Pairs(), says="as the vocabulary lists them for the concept"),
        Field("since", Moment()),
        Field("until", Moment()),
        Field("status", word("problem_statuses")),
        Field("verification", word("verifications")),
        any_of=("concept", "icd10", "snomed"),
        make=check.makes(facts.Problem, check.settle_problem, LASTING),
    ),
    "findings": section(
        facts.Finding,
        Field("concept", word("findings")),
        Field("method", word("methods")),
        Field("date", Moment()),
        *TARGET,
        Field("present", Flag(), says="false is a real answer"),
        Field("value", NumberOrText()),
        Field("unit", Text()),
        required=("concept",),
        make=check.makes(facts.Finding, check.check_finding),
        title="Symptoms, examination and imaging",
    ),
    "care": section(
        facts.Course,
        Field("therapy", word("therapies", "drug_classes")),
        Field("region", word("regions")),
        Field("start", Moment()),
        Field("end", Moment()),
        Field("sessions", COUNT),
        Field("response", word("responses")),
        Field("stopped_because", word("stop_reasons")),
        Field(
            "helped",
            word("helped"),
            says="as the patient says: never, sometimes or always",
            title="Helped, as the patient says",
        ),
        required=("therapy",),
        make=check.makes(facts.Course, SPAN),
        title="Care so far",
    ),
    "medications": Medications(
        facts.Medication.section,
        (
            ID,
            Field("drug", DrugName(("drugs",)), says="an id, a synonym, a brand or product; an unknown name is kept"),
            Field(
                "written",
                Text(),
                says="what the record says where the drug is not known, or a product's name",
                title="Written as",
            ),
            Field("dose", Measure("500 mg")),
            Field("every", Every(), says="as in 12 h"),
            Field("times", Many(Clock()), says="clock times of the doses"),
            Field("as_needed", Flag()),
            Field("route", word("drug_routes")),
            Field("start", Moment()),
            Field("end", Moment()),
            Field("last_dose", Moment(timed=True)),
            Field("indication", word("conditions", loose=True)),
            Field("prescriber", Text()),
            Field("response", word("responses")),
            Field("stopped_because", word("stop_reasons")),
            Field(
                "helped",
                word("helped"),
                says="as the patient says: never, sometimes or always",
                title="Helped, as the patient says",
            ),
            *COMMON,
        ),
        any_of=("drug", "written"),
        make=make_medications,
    ),
    "allergies": section(
        facts.Allergy,
        Field(
            "substance",
            word("allergens", "drugs", "drug_classes"),
            says="absent where it is none of the known; say it in `note`",
        ),
        Field("reaction", Text()),
        Field("severity", word("reaction_severities")),
        any_of=("substance", "note"),
    ),
    "labs": section(
        facts.Lab,
        Field("test", word("labs")),
        Field("value", NumberOrText()),
        Field("unit", Text()),
        Field("at", Moment(timed=True), title="When"),
        required=("test",),
        make=check.makes(facts.Lab, check.check_lab),
        title="Laboratory results",
    ),
    "scores": section(
        facts.Score,
        Field("instrument", word("instruments")),
        Field(
            "when",
            Text("now|average|worst|least", "now, average, worst or least"),
            says="nrs only; absent: now",
            title="Which pain",
            alias=True,
        ),
        PAIN,
        Field("value", Number()),
        Field("answers", Many(Nullable(Number()), alone=False), says="in published item order; null is unanswered"),
        Field("date", Moment()),
        Field("version", Text(), says="of the printed form, as it stands on it; changes are told within one version"),
        required=("instrument",),
        make=check.makes(facts.Score, check.check_score),
        title="Questionnaires and scores",
    ),
    "procedures": Table(
        facts.Procedure.section,
        PROCEDURE,
        required=("therapy",),
        says="A procedure done, planned or cancelled.",
        make=check.makes(facts.Procedure, check.settle_procedure),
    ),
    "evaluations": section(
        facts.Evaluation,
        Field("kind", word("evaluations")),
        Field("date", Moment()),
        Field("by", word("roles")),
        Field("conclusion", word("evaluation_conclusions")),
        Field("instruments", words("instruments")),
        Field(
            "about", ABOUT, says="the policy and criterion that a judgement settles, or the warning sign it is about"
        ),
        Field("until", Moment(), says="of a judgement about a warning sign: the last day on which it holds"),
        required=("kind",),
        make=check.make_evaluation,
    ),
    "documents": section(
        facts.Document,
        Field("kind", word("documents")),
        Field("status", word("document_statuses"), says="of an authorization; absent, it is on file"),
        Field("date", Moment()),
        Field("text", Text()),
        Field("therapy", word("therapies"), says="of a consent: what was signed for, at the place that it names"),
        *(field for field in TARGET if field.name != "levels"),
        Field("drug", word("drugs"), says="of a prescriber's agreement"),
        Field("agrees", word("agreements"), says="of a prescriber's agreement: to hold, or to go on"),
        Field(
            "request", Text(refers="request"), says="the request that an agreement, a plan or an authorization is for"
        ),
        Field("number", COUNT, says="of an issued periprocedural plan"),
        Field("start", Moment(timed=True), says="the appointment that an agreement or an issued plan is for"),
        Field("fingerprint", Text(), says="of an issued plan, as it was printed"),
        required=("kind",),
        make=check.makes(facts.Document, check.settle_target, check.check_document),
    ),
    "devices": section(
        facts.Device,
        Field("kind", word("devices")),
        Field("model", Text()),
        Field("implanted", Moment()),
        Field("removed", Moment()),
        Field("mri", Text(), title="MRI conditions"),
        Field("pump", PUMP),
        required=("kind",),
        make=check.makes(facts.Device, check.in_order("implanted", "removed")),
    ),
    "events": section(
        facts.Event,
        Field("kind", word("events", "outcome_events")),
        Field("procedure", Text(refers="procedures"), says="id of the procedure"),
        Field("date", Moment()),
        Field("severity", word("severities")),
        Field("asked", Moment()),
        Field("ascertainment", word("ascertainments"), says="how it was found"),
        required=("kind",),
    ),
    "goals": section(
        facts.Goal,
        Field("text", Text()),
        Field("measure", word("instruments", loose=True)),
        Field("target", NumberOrText()),
        Field("by", Moment()),
        any_of=("text", "measure"),
    ),
    "intake": INTAKE,
}

REQUEST = Table(
    "request",
    (*PROCEDURE, Field("plan", Text(), says="requests that share it are one plan")),
    required=("therapy",),
    says="A procedure that is considered.",
    title="Requests",
    make=check.makes(facts.Request, check.settle_procedure),
)
COMPLETENESS = Table(
    "completeness",
    (
        Field("kind", word("completeness_sections", "questions"), says="a section or a question"),
        Field("scope", Text("patient|source", "patient or source"), says="source (one clinic only) closes nothing"),
        Field("therapy", word("therapies", "drug_classes")),
        Field("region", word("regions")),
        Field("from", Moment(), attribute="start"),
        Field("to", Moment(), attribute="end", says="default: recorded, else the chart's recorded, else its as_of"),
        Field("reviewed", Moment()),
        Field("asked", Moment()),
        Field("answer", word("answers"), says='in quotes: "yes", "no"'),
        *COMMON,
    ),
    required=("kind",),
    any_of=("from", "to", "reviewed", "asked", "answer"),
    make=make_completeness,
    title="What is known to be complete",
)
PERSON = Table(
    "person",
    (
        Field("birth_date", Moment()),
        Field("sex", word("sexes")),
        Field("weight_kg", Number(low=Decimal(1), high=Decimal(650)), title="Weight (kg)"),
        Field("height_cm", Number(low=Decimal(30), high=Decimal(275)), title="Height (cm)"),
        Field("asa", Number(low=Decimal(1), high=Decimal(6), whole=True), title="ASA class"),
        Field("language", Text()),
        Field("died", Moment()),
    ),
    make=check.makes(facts.Person, check.in_order("birth_date", "died")),
)
PAYER = Table(
    "payer",
    (
        Field("kind", word("payer_kinds")),
        Field("plan", Text()),
        Field("contractor", word("contractors")),
        Field("state", Word(("states.list",), normal=state_code)),
        Field("country", Word(("countries",), normal=state_code)),
        Field("from", Moment(), attribute="start"),
        Field("to", Moment(), attribute="end"),
        *COMMON,
    ),
    make=check.makes(facts.Payer, check.in_order("start", "end", "from", "to")),
    title="Who pays",
)
