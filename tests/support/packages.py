"""A small office's story as ledger entries, and the evidence package of it: the same octets in every run.

Every kind of entry that a package holds stands in it. Knows no database: the entries are written here as
the services write them, and `tests/apps` holds those against these names.
"""

import base64
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.hashes import SHA256

from aigaq.core import canonical
from aigaq.core.clock import rfc3339
from aigaq.package import proofs
from aigaq.package.contents import Contents, Derivative, Original, ProvenEntry
from aigaq.timecode.code import Purpose, key_of, name_of
from aigaq.timecode.showing import Showing
from aigaq.tlog.checkpoint import Checkpoint, VerifierKey
from aigaq.tlog.entry import Actor, ActorKind, Entry
from aigaq.tlog.merkle import inclusion_proof, leaf_hash, root, subtrees_of
from tests.support.logs import signer

BEGINNING = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
SITE = "aigaq.example"


@dataclass(frozen=True)
class Recorded:
    """What the recorder left, and what was made of the film."""

    film: bytes = b"\x00\x00\x00\x18ftypisom: a film of a test, not to be played\n" * 40
    photo: bytes = b"\xff\xd8\xff\xe0 a photo of a test\n" * 20
    cut: bytes = b"\x00\x00\x00\x18ftypisom: a stretch of it\n" * 10
    playable: bytes = b"\x00\x00\x00\x18ftypisom: all of it for browsers\n" * 10


RECORDED = Recorded()


def uid(number: int) -> str:
    return str(UUID(int=(0xA16A0 << 100) + (4 << 76) + (8 << 60) + number))


DIVISION = {"id": uid(1), "name": "Медеу ауданының өрт бақылауы"}
BOOK = {"id": uid(2), "registration_number": "Ж-12"}


@dataclass
class Somebody:
    """On the staff list; `key` signs for them."""

    number: int
    full_name: str
    role: str
    key: Any = None
    flags: int = 0x05

    @property
    def id(self) -> str:
        return uid(100 + self.number)

    @property
    def login(self) -> str:
        return uid(200 + self.number)

    @property
    def facts(self) -> dict[str, Any]:
        return {"id": self.id, "full_name": self.full_name, "staff_number": str(100 + self.number)}

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind.PERSON, self.id, self.full_name)

    @property
    def right(self) -> dict[str, Any]:
        return {
            "role": self.role,
            "order": "№ 12",
            "appointment": uid(300 + self.number),
            "stands_in_for": None,
        }

    @property
    def credential_id(self) -> str:
        return _url(hashlib.sha256(self.full_name.encode()).digest()[:24])

    @property
    def cose(self) -> bytes:
        public = self.key.public_key()
        if isinstance(self.key, ed25519.Ed25519PrivateKey):
            return cbor2.dumps({1: 1, 3: -8, -1: 6, -2: public.public_bytes_raw()})
        numbers = public.public_numbers()
        x, y = (each.to_bytes(32, "big") for each in (numbers.x, numbers.y))
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})

    def sign(self, octets: bytes) -> bytes:
        if isinstance(self.key, ed25519.Ed25519PrivateKey):
            return self.key.sign(octets)
        return self.key.sign(octets, ec.ECDSA(SHA256(), deterministic_signing=True))

    def signature(self, document: Mapping[str, Any], way: str) -> dict[str, Any]:
        digest = hashlib.sha256(canonical.encode(dict(document))).digest()
        told = {
            "signer": self.facts,
            "way": way,
            "signed_digest": f"sha256:{digest.hex()}",
            "at": document["occurred_at"],
        }
        if way != "passkey":
            return told
        client = {
            "type": "webauthn.get",
            "challenge": _url(digest),
            "origin": f"https://{SITE}",
            "crossOrigin": False,
        }
        said = json.dumps(client, separators=(",", ":")).encode()
        data = hashlib.sha256(SITE.encode()).digest() + bytes([self.flags]) + (7).to_bytes(4, "big")
        assertion = {
            "credential_id": self.credential_id,
            "authenticator_data": _url(data),
            "client_data_json": _url(said),
            "signature": _url(self.sign(data + hashlib.sha256(said).digest())),
        }
        return {**told, "assertion": assertion}


ERLAN = Somebody(3, "Өтегенов Ерлан Сәкенұлы", "inspector", ec.derive_private_key(7**80, ec.SECP256R1()))
DANIYAR = Somebody(
    2, "Жүнісов Данияр Ғалымұлы", "custodian", ed25519.Ed25519PrivateKey.from_private_bytes(b"\7" * 32), 0x1D
)
AIGERIM = Somebody(1, "Ахметова Әйгерім Қуанышқызы", "head")
MACHINE = Actor(ActorKind.SYSTEM, "aigaq", "Aigaq")
ROW = {"id": uid(10), "number": 41, "sheet": 5}
RECORDER = {"id": uid(11), "inventory_number": "ПБ-0007"}
CARD = {"id": uid(12), "inventory_number": "К-0012"}
WORDS = {"kk": "Болған іс.", "ru": "Событие.", "en": "What happened."}


@dataclass
class Story:
    """The whole ledger, of which some entries go into the package."""

    entries: list[Entry] = field(default_factory=list)
    told: set[int] = field(default_factory=set)
    """Which go into the package."""
    codes: list[Any] = field(default_factory=list)
    """Text, index and path of the time codes that the film shows."""

    def at(self, seq: int | None = None) -> str:
        return rfc3339(self._instant(len(self.entries) if seq is None else seq))

    def add(
        self,
        kind: str,
        body: Mapping[str, Any],
        by: Somebody | None = None,
        *,
        division: str | None = DIVISION["id"],
        told: bool = True,
    ) -> int:
        seq = len(self.entries)
        self.entries.append(
            Entry(
                seq=seq,
                kind=kind,
                at=self._instant(seq),
                actor=by.actor if by else MACHINE,
                right=by.right if by else None,
                division=division,
                body=dict(body),
            )
        )
        if told:
            self.told.add(seq)
        return seq

    def sign(self, kind: str, document: Mapping[str, Any], signer: Somebody, way: str, by: Somebody) -> int:
        return self.add(
            kind, {"document": dict(document), "signatures": [signer.signature(document, way)]}, by
        )

    def _instant(self, seq: int) -> datetime:
        return BEGINNING + timedelta(minutes=7 * seq, microseconds=seq)


@dataclass(frozen=True)
class Told:
    """The story, and where in it things stand."""

    story: Story
    seq: Mapping[str, int]


def tell(recorded: Recorded, signing: Any) -> Told:
    """The ids of the film and the photo are `uid(20)` and `uid(21)`."""
    story = Story()
    seq: dict[str, int] = {}
    story.add("system.begun", {"version": "0.2.0"}, told=False, division=None)
    for each in (AIGERIM, DANIYAR, ERLAN):
        facts = {"person": each.id, "full_name": each.full_name, "staff_number": each.facts["staff_number"]}
        body = {**facts, "post": "", "division": DIVISION["id"], "user": each.login}
        story.add("registry.person-added", body)
    for each in (AIGERIM, DANIYAR):
        term = {
            "role": each.role,
            "from_on": "2026-01-01",
            "until_on": None,
            "order": "№ 12",
            "stands_in_for": None,
        }
        story.add(
            "registry.appointed", {**each.facts, "appointment": uid(300 + each.number), **term, "key": "none"}
        )
    _enrol(story, ERLAN, by=DANIYAR)
    _enrol(story, DANIYAR, by=AIGERIM)
    story.add("account.signed-in", {"user": ERLAN.login}, told=False)
    _duty(story, seq, signing)
    _take_in(story, seq, recorded)
    _afterwards(story, seq)
    _demand(story, seq)
    return Told(story, seq)


def _enrol(story: Story, who: Somebody, by: Somebody) -> None:
    key = {"user": who.login, "credential_id": who.credential_id, "public_key": _url(who.cose), "rp_id": SITE}
    about = {
        "passkey": uid(400 + who.number),
        "username": "u",
        "label": "кілт",
        "aaguid": "",
        "is_backed_up": False,
    }
    story.add("account.passkey-enrolled", {**key, **about}, by)


def _head(act: str, at: str) -> dict[str, Any]:
    return {
        "format": "aigaq-journal/2",
        "act": act,
        "profile": "order-236",
        "book": BOOK,
        "row": ROW,
        "division": DIVISION,
        "custodian": DANIYAR.facts,
        "occurred_at": at,
    }


_RECEIVED = {"recorder": RECORDER, "card": CARD, "inspector": ERLAN.facts}


def _duty(story: Story, seq: dict[str, int], signing: Any) -> None:
    issue = {
        **_head("issue", story.at()),
        **_RECEIVED,
        "purpose": {
            "control": "unscheduled",
            "subject": "«Алатау» ЖШС",
            "object": "Абай даңғылы, 1",
            "act_number": "17",
        },
        "checks": {"charged": {"passed": True, "remark": ""}},
        "seal_number": "А-001",
        "replaces": None,
        "remarks": [],
    }
    seq["issued"] = story.sign("journal.issued", issue, ERLAN, "passkey", DANIYAR)
    began = BEGINNING + timedelta(hours=2)
    showing = Showing(
        ledger=name_of(VerifierKey.of(signing)),
        number=3,
        purpose=Purpose.ISSUE,
        row=41,
        began_at=began,
        seconds=300,
    )
    key = key_of(signing)
    seq["shown"] = story.add(
        "recorder.time-shown",
        {
            "showing": 3, "row": {"id": ROW["id"], "number": 41}, "recorder": "ПБ-0007", "recorder_id": RECORDER["id"],
            "purpose": "issue", "from": rfc3339(began), "until": rfc3339(began + timedelta(seconds=300)),
            "seconds": 300, "root": showing.root(key).hex(), "pace": "steady", "custodian": DANIYAR.id,
        },
        DANIYAR,
    )  # fmt: skip
    story.codes = [(showing.code(key, index).text, index, showing.proof(key, index)) for index in (20, 26)]
    about = {"book": BOOK, "row": ROW, "division": DIVISION}
    told = {**about, "inspector": ERLAN.facts, "told": "custodian", "phone": None}
    paused = {"pause": uid(30), "reason": "meal", "occurred_at": story.at(), "remarks": []}
    seq["paused"] = story.add("journal.paused", {**told, **paused}, DANIYAR)
    resumed = {
        "resume": uid(31),
        "pause": uid(30),
        "occurred_at": story.at(),
        "remarks": ["Үзіліс: 12:10 – 12:40."],
    }
    seq["resumed"] = story.add("journal.resumed", {**told, **resumed}, DANIYAR)
    digest = hashlib.sha256(canonical.encode(issue)).hexdigest()
    handed = {
        **_head("return", story.at()),
        **_RECEIVED,
        "handed_back_by": ERLAN.facts,
        "issued": {"seq": seq["issued"], "signed_digest": f"sha256:{digest}"},
        "seal": {"set": "А-001", "found": "intact", "number_found": "А-001"},
        "things": {"recorder": {"found": "whole", "words": ""}, "card": {"found": "whole", "words": ""}},
        "condition": "",
        "remarks": ["Пломба бүтін."],
    }
    seq["returned"] = story.sign("journal.returned", handed, ERLAN, "own-password", DANIYAR)


def _take_in(story: Story, seq: dict[str, int], recorded: Recorded) -> None:
    things = {"card": "К-0012", "card_id": CARD["id"], "recorder": "ПБ-0007", "recorder_id": RECORDER["id"]}
    for name, file, suffix, kind, duration in (
        ("film", 20, "AVI", "video", 2000),
        ("photo", 21, "JPG", "photo", None),
    ):
        octets = getattr(recorded, name)
        digest = f"sha256:{hashlib.sha256(octets).hexdigest()}"
        judged = {
            "verdict": "whole",
            "flaw": None,
            "duration_ms": duration,
            "duration": None,
            "facts_digest": "",
            "still": None,
        }
        at = rfc3339(BEGINNING + timedelta(hours=2, minutes=file))
        body = {
            "unload": uid(40), "division": DIVISION["id"], "recording": uid(file + 10), "joins": False, "file": uid(file),
            "source": "К-0012", "path": f"DCIM/100AIGAQ/ПБ-0007_20261120_{file}0000.{suffix}", "kind": kind,
            "role": "main", "ordinal": 1, "profile": None, "number": None, **things,
            "row": ROW["id"] if name == "film" else None, "recorded_at": at, "file_recorded_at": at, "modified_at": at,
            "ingested_at": story.at(), "content_digest": digest, "stored_digest": "sha256:" + "5" * 64,
            "size": len(octets), "stored_size": len(octets) + 200, "blob": "b", "judgement": judged,
        }  # fmt: skip
        seq[name] = story.add("recording.ingested", body)
    seq["derived"] = story.add(
        "recording.derived",
        {
            "file": uid(20), "recording": uid(30), "path": "DCIM", "product": "proxy", "recipe": {}, "facts": {},
            "source_digest": f"sha256:{hashlib.sha256(recorded.film).hexdigest()}", "made_at": story.at(),
            "content_digest": f"sha256:{hashlib.sha256(recorded.playable).hexdigest()}",
            "stored_digest": "sha256:" + "6" * 64, "size": len(recorded.playable), "stored_size": 1, "blob": "b",
        },
    )  # fmt: skip
    seq["placed"] = story.add(
        "recording.placed", {"row": ROW["id"], "recordings": [uid(31)], "placed_at": story.at()}
    )
    film_at = BEGINNING + timedelta(hours=2, minutes=20)
    seq["clock"] = story.add(
        "recorder.clock-read",
        {
            "row": {"id": ROW["id"], "number": 41}, **things, "way": "time-code", "device_at": rfc3339(film_at),
            "server_at": rfc3339(film_at + timedelta(seconds=3)), "offset_ms": -3000, "precision_ms": 120,
            "path": "DCIM", "allowed_ms": 60000, "excursion": 0, "unload": uid(40), "read_at": story.at(),
        },
    )  # fmt: skip
    seq["code"] = story.add(
        "recording.time-code-read",
        {
            "file": uid(20), "path": "DCIM", "recording": uid(30), **things, "row": {"id": ROW["id"], "number": 41},
            "named": {"id": ROW["id"], "number": 41}, "showing": 3, "verdict": "live",
            "seen": [[text, 100 + 1000 * place, 900 + 1000 * place] for place, (text, _i, _p) in enumerate(story.codes)],
            "proofs": [{"index": index, "path": [each.hex() for each in path]} for _t, index, path in story.codes],
            "film_began_at": rfc3339(film_at), "precision_ms": 120, "offset_ms": -3000, "apart_ms": None,
            "unload": uid(40), "read_at": story.at(),
        },
    )  # fmt: skip


def _afterwards(story: Story, seq: dict[str, int]) -> None:
    about = {"book": BOOK, "row": ROW, "division": DIVISION}
    unloaded = {**about, "unload": uid(40), "files": 2, "octets": "1", "occurred_at": story.at()}
    seq["unloaded"] = story.add("journal.unloaded", unloaded)
    seq["coverage"] = story.add(
        "coverage.judged", {**about, "judgement": uid(50), "number": 1, "rows": [41], "totals": {}}
    )
    remarked = {**about, "author": DANIYAR.facts, "text": "Жазба сотқа сұратылды.", "occurred_at": story.at()}
    seq["remarked"] = story.add("journal.remarked", remarked, DANIYAR)
    corrected = {
        **_head("correction", story.at()),
        "cell": "object", "number": 1, "corrects": seq["issued"], "old": "Абай даңғылы, 1", "new": "Абай даңғылы, 11",
        "reason": "Үй нөмірі қате жазылған.", "remarks": ["Түзетілді: нысан."],
    }  # fmt: skip
    seq["corrected"] = story.sign("journal.corrected", corrected, DANIYAR, "passkey", DANIYAR)
    looked = {
        "recording": uid(30),
        "file": uid(20),
        "row": ROW["id"],
        "content_digest": "",
        "first": 0,
        "last": 9,
        "size": 10,
    }
    seq["played"] = story.add("access.played", {**looked, "viewing": uid(60)}, AIGERIM)
    of_no_file = {name: looked[name] for name in ("recording", "row")}
    seq["viewed"] = story.add("access.viewed", of_no_file, AIGERIM)


DEMAND = {
    "id": uid(70),
    "number": 7,
    "kind": "determination",
    "authority": "Алматы қаласының ауданаралық соты",
    "official": "судья С. Омаров",
    "their_number": "№ 3-118",
    "dated_on": "2026-11-19",
    "received_on": "2026-11-20",
    "due_on": "2026-11-27",
    "basis": "ҚР ҚПК 73-бабы",
    "covers": "41-жол: барлық жазбалар",
    "document": {"sha256": "7" * 64, "size": 48211},
}
PACKAGE_ID = UUID("1a2b3c4d-0000-4000-8000-00000000c0de")


CHOSEN = [
    {"recording": uid(30), "segments": [{"file": uid(20), "from_ms": 500, "until_ms": 1500}]},
    {"recording": uid(31), "segments": []},
]


def _demand(story: Story, seq: dict[str, int]) -> None:
    paper = {
        "content_digest": f"sha256:{DEMAND['document']['sha256']}", "stored_digest": "sha256:" + "8" * 64,
        "size": DEMAND["document"]["size"], "stored_size": 48411, "blob": "b", "media_type": "application/pdf",
    }  # fmt: skip
    body = {
        **{name: value for name, value in DEMAND.items() if name not in ("id", "document")},
        "demand": DEMAND["id"], "division": DIVISION, "document": paper, "version": 1, "chosen": CHOSEN[:1],
        "hold": uid(71), "registered_at": story.at(),
    }  # fmt: skip
    seq["demand"] = story.add("disclosure.demand-registered", body, AIGERIM)
    story.add("account.signed-in", {"user": AIGERIM.login}, told=False)
    amended = {
        "demand": DEMAND["id"], "number": 7, "division": DIVISION, "version": 2, "reason": "Фото да керек.",
        "chosen": CHOSEN, "hold": uid(71), "amended_at": story.at(),
    }  # fmt: skip
    seq["amended"] = story.add("disclosure.demand-amended", amended, AIGERIM)
    files = hashlib.sha256(canonical.encode([uid(20), uid(21)])).hexdigest()
    approved = {
        "format": "aigaq-journal/2",
        "act": "approval",
        "profile": "order-236",
        "division": DIVISION,
        "head": AIGERIM.facts,
        "occurred_at": story.at(),
        "package": str(PACKAGE_ID),
        "demand": {
            **{name: DEMAND[name] for name in ("id", "number", "kind", "authority", "their_number")},
            "seq": seq["demand"],
        },
        "selection": {"version": 2, "seq": seq["amended"]},
        "chosen": CHOSEN,
        "files": 2,
        "files_digest": f"sha256:{files}",
    }
    seq["approval"] = story.sign("disclosure.approved", approved, AIGERIM, "own-password", AIGERIM)


_ASKED = ("demand", "amended", "approval")


def contents(recorded: Recorded = RECORDED, signing: Any = None, **wrong: Any) -> Contents:
    """The package of that story; what a test wants otherwise it gives by name."""
    signing = signing or signer()
    told = tell(recorded, signing)
    story, seq = told.story, told.seq
    entries, checkpoint = proven([each.octets for each in story.entries], story.told, signing)
    made = Contents(
        package=PACKAGE_ID,
        profile="order-236",
        division=DIVISION,
        demand={**DEMAND, "seq": seq["demand"]},
        approval={"seq": seq["approval"], "at": story.at(seq["approval"]), "head": AIGERIM.facts},
        ledger_key=str(VerifierKey.of(signing)),
        checkpoint=checkpoint,
        originals=(_film(story, seq, recorded), _photo(story, seq, recorded)),
        entries=entries,
        keys=(proofs.passkey_pem(ERLAN.cose), proofs.passkey_pem(DANIYAR.cose)),
        extract={"rows": [_row(story, seq)]},
        clocks=_clocks(story, seq),
        custody=tuple(
            tuple(_step(story, each) for each in sorted(steps))
            for steps in (
                [seq[name] for name in ("film", "derived", "code", "played", "viewed", *_ASKED)],
                [seq[name] for name in ("photo", "placed", *_ASKED)],
            )
        ),
        papers=lambda _listing: {
            "letter.pdf": b"%PDF-1.7 letter\n",
            "contents.pdf": b"%PDF-1.7 contents\n",
            "journal/extract.pdf": b"%PDF-1.7 extract\n",
        },
        made_at=story._instant(seq["approval"]),
    )
    return replace(made, **wrong)


def proven(ledger: Sequence[bytes], told: Iterable[int], signing: Any) -> tuple[tuple[ProvenEntry, ...], str]:
    """Those entries of that ledger with their proofs, and the checkpoint that they are under."""
    leaves = [leaf_hash(each) for each in ledger]
    checkpoint = Checkpoint(signing.name, len(leaves), root(leaves)).signed(signing)
    entries = tuple(
        ProvenEntry(seq, ledger[seq], tuple(inclusion_proof(subtrees_of(leaves), seq, len(leaves))))
        for seq in sorted(told)
    )
    return entries, checkpoint


def opens(octets: bytes) -> Callable[[], io.BytesIO]:
    return lambda: io.BytesIO(octets)


def _original(story: Story, entry: int, octets: bytes, **more: Any) -> Original:
    body: Any = story.entries[entry].body
    facts: dict[str, Any] = {
        "card_path": body["path"],
        "kind": body["kind"],
        "size": len(octets),
        "sha256": hashlib.sha256(octets).hexdigest(),
        "recording": body["recording"],
        "file": body["file"],
        "row": ROW["id"],
        "seq": entry,
        "recorded_at": body["file_recorded_at"],
        "duration_ms": body["judgement"]["duration_ms"],
        "open": opens(octets),
    }
    return Original(**(facts | more))


def _film(story: Story, seq: Mapping[str, int], recorded: Recorded) -> Original:
    clock = {"known": "exact", "offset_ms": -3000, "precision_ms": 120, "seq": seq["clock"]}
    cut = {"asked_from_ms": 500, "asked_until_ms": 1500, "from_ms": 400, "until_ms": 1520, "recipe": "cut/1"}
    derivatives = (
        Derivative(what="cut", suffix=".mp4", cut=cut, open=opens(recorded.cut)),
        Derivative(what="playable", suffix=".mp4", cut=None, open=opens(recorded.playable)),
    )
    return _original(story, seq["film"], recorded.film, clock=clock, derivatives=derivatives)


def _photo(story: Story, seq: Mapping[str, int], recorded: Recorded) -> Original:
    clock = {"known": "unknown", "offset_ms": 0, "precision_ms": 0, "seq": None}
    return _original(story, seq["photo"], recorded.photo, clock=clock)


def _step(story: Story, seq: int) -> dict[str, Any]:
    entry = story.entries[seq]
    actor = entry.actor.name if entry.actor.kind is ActorKind.PERSON else ""
    return {"seq": seq, "kind": entry.kind, "at": rfc3339(entry.at), "actor": actor, "words": WORDS}


def _row(story: Story, seq: Mapping[str, int]) -> dict[str, Any]:
    def body(name: str) -> Any:
        return story.entries[seq[name]].body

    def at(name: str) -> str:
        found = body(name)
        return str(found.get("document", found)["occurred_at"])

    def remark(name: str, author: str, text: str) -> dict[str, Any]:
        return {"seq": seq[name], "at": at(name), "author": author, "text": text}

    corrected = body("corrected")["document"]
    return {
        "row": ROW["id"],
        "book": BOOK["registration_number"],
        "sheet": ROW["sheet"],
        "number": ROW["number"],
        "division": DIVISION["name"],
        "recorder": "ПБ-0007",
        "card": "К-0012",
        "inspector": ERLAN.full_name,
        "purpose": {**body("issued")["document"]["purpose"], "object": corrected["new"]},
        "seal_number": "А-001",
        "issued": {"seq": seq["issued"], "at": at("issued")},
        "returned": {"seq": seq["returned"], "at": at("returned")},
        "unloaded": [{"seq": seq["unloaded"], "at": at("unloaded"), "files": 2}],
        "remarks": [
            remark("resumed", DANIYAR.full_name, "Үзіліс: 12:10 – 12:40."),
            remark("returned", DANIYAR.full_name, "Пломба бүтін."),
            remark("remarked", DANIYAR.full_name, "Жазба сотқа сұратылды."),
            remark("corrected", DANIYAR.full_name, "Түзетілді: нысан."),
        ],
        "corrections": [
            {
                "seq": seq["corrected"],
                "at": at("corrected"),
                **{name: corrected[name] for name in ("cell", "old", "new", "reason")},
            }
        ],
        "pauses": [
            {
                "from_seq": seq["paused"],
                "from_at": at("paused"),
                "until_seq": seq["resumed"],
                "until_at": at("resumed"),
                "reason": "meal",
            }
        ],
        "coverage": seq["coverage"],
        "signatures": [
            _signature(body(name), seq[name], key)
            for name, key in (("issued", "keys/1.pem"), ("returned", None), ("corrected", "keys/2.pem"))
        ],
    }


def _signature(body: Any, seq: int, key: str | None) -> dict[str, Any]:
    (signed,) = body["signatures"]
    same = {name: signed[name] for name in ("way", "at", "signed_digest")}
    return {
        "seq": seq,
        "act": body["document"]["act"],
        "signer": signed["signer"]["full_name"],
        **same,
        "key": key,
    }


def _clocks(story: Story, seq: Mapping[str, int]) -> dict[str, Any]:
    read: Any = story.entries[seq["clock"]].body
    seen: Sequence[Any] = story.entries[seq["code"]].body["seen"]
    return {
        "readings": [
            {
                "seq": seq["clock"],
                "way": read["way"],
                "recorder": read["recorder"],
                "camera_at": read["device_at"],
                "true_at": read["server_at"],
                "offset_ms": read["offset_ms"],
                "precision_ms": read["precision_ms"],
            }
        ],
        "time_codes": [
            {
                "seq": seq["code"],
                "file": 1,
                "text": text,
                "place_ms": first,
                "row": ROW["id"],
                "proof": {
                    "root_seq": seq["shown"],
                    "index": index,
                    "size": 300,
                    "path": [each.hex() for each in path],
                },
            }
            for (text, first, _last), (_text, index, path) in zip(seen, story.codes, strict=True)
        ],
    }


def _url(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
