"""Small real recordings in every container and codec that a camera may write, made once per run."""

import io
import struct
import tempfile
from fractions import Fraction
from functools import cache
from pathlib import Path

import av
import numpy as np
from PIL import ExifTags, Image

CREATED = "2026-05-04T03:02:01Z"
WIDTH, HEIGHT = 320, 240


@cache
def film(
    container: str = "mp4",
    video: str | None = "libx264",
    audio: str | None = "aac",
    seconds: int = 2,
    movflags: str = "",
) -> bytes:
    """A picture whose grey changes and whose left half is noise, with a tone."""
    options = {"movflags": movflags} if movflags else {}
    # By name, since moving the index to the front opens the file a second time.
    with (
        tempfile.NamedTemporaryFile() as out,
        av.open(out.name, "w", format=container, options=options) as file,
    ):
        file.metadata["creation_time"] = CREATED
        pictures = _video(file, video) if video else None
        sound = _audio(file, audio) if audio else None
        noise = np.random.default_rng(1).integers(0, 255, (HEIGHT, WIDTH, 3), np.uint8)
        for number in range(25 * seconds if video else 0):
            pixels = noise.copy()
            pixels[:, WIDTH // 2 :] = number * 4 % 256
            frame = av.VideoFrame.from_ndarray(pixels, "rgb24").reformat(format=pictures.pix_fmt)
            frame.pts, frame.time_base = number, Fraction(1, 25)
            file.mux(pictures.encode(frame))
        if pictures:
            file.mux(pictures.encode())
        if sound:
            _tone(file, sound, seconds)
        file.close()
        return Path(out.name).read_bytes()


def _video(file, codec):
    stream = file.add_stream(codec, rate=25)
    stream.width, stream.height = WIDTH, HEIGHT
    stream.pix_fmt = {"mjpeg": "yuvj420p", "prores": "yuv422p10le"}.get(codec, "yuv420p")
    stream.gop_size = 10
    stream.options = {
        "libx264": {"preset": "ultrafast"},
        "libx265": {"preset": "ultrafast", "x265-params": "log-level=none"},
    }.get(codec, {})
    return stream


def _audio(file, codec):
    rate = {"libopencore_amrnb": 8000, "libmp3lame": 44100, "libopus": 48000}.get(codec, 16000)
    stream = file.add_stream(codec, rate=rate, layout="mono")
    if codec == "libmp3lame":
        stream.codec_context.format = "fltp"
    return stream


def _tone(file, stream, seconds):
    context = stream.codec_context
    context.open(strict=False)
    rate, size = stream.rate, context.frame_size or 1024
    for first in range(0, seconds * rate, size):
        wave = 0.2 * np.sin(np.arange(first, min(first + size, seconds * rate)) / rate * 2764.6)
        form = context.format.name
        samples = {"fltp": wave, "flt": wave, "u8": wave * 127 + 128}.get(form, wave * 32767)
        samples = samples.astype({"fltp": "f4", "flt": "f4", "u8": "u1"}.get(form, "i2"))
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), form, "mono")
        frame.sample_rate, frame.pts, frame.time_base = rate, first, Fraction(1, rate)
        file.mux(stream.encode(frame))
    file.mux(stream.encode())


@cache
def photo(form: str = "JPEG", taken: str | None = "2026:05:04 08:02:01", offset: str | None = None) -> bytes:
    picture = Image.effect_noise((1600, 1200), 60).convert("RGB")
    exif = Image.Exif()
    details = exif.get_ifd(ExifTags.IFD.Exif)
    if taken:
        details[ExifTags.Base.DateTimeOriginal] = taken
    if offset:
        details[ExifTags.Base.OffsetTimeOriginal] = offset
    out = io.BytesIO()
    picture.save(out, form, exif=exif) if form in {"JPEG", "PNG", "WEBP"} else picture.save(out, form)
    return out.getvalue()


def patched(octets: bytes, box: bytes, offset: int, replacement: bytes) -> bytes:
    """`octets` with `replacement` so far behind the name of the first `box`, which must be there."""
    at = octets.index(box) + len(box) + offset
    return octets[:at] + replacement + octets[at + len(replacement) :]


def heic() -> bytes:
    """One still picture of H.265 in the boxes of ISO/IEC 23008-12, as phones write it (without tiles)."""
    source = film("mp4", "libx265", None, 1)
    record = _payload(source, b"hvcC")
    with av.open(io.BytesIO(source)) as file:
        picture = bytes(next(file.demux(video=0)))
    properties = _box(b"ipco", _box(b"hvcC", record), _full(b"ispe", struct.pack(">II", WIDTH, HEIGHT)))
    association = _full(b"ipma", struct.pack(">IHBBB", 1, 1, 2, 0x81, 2))
    entry = _full(b"infe", struct.pack(">HH4sB", 1, 0, b"hvc1", 0), version=2)
    kind = _box(b"ftyp", b"heic", bytes(4), b"mif1heic")

    def with_offset(offset: int) -> bytes:
        place = struct.pack(">BBHHHHII", 0x44, 0, 1, 1, 0, 1, offset, len(picture))
        return kind + _full(
            b"meta",
            _full(b"hdlr", bytes(4), b"pict", bytes(13)),
            _full(b"pitm", struct.pack(">H", 1)),
            _full(b"iloc", place),
            _full(b"iinf", struct.pack(">H", 1), entry),
            _box(b"iprp", properties, association),
        )

    return with_offset(len(with_offset(0)) + 8) + _box(b"mdat", picture)


def tiled_heic(tiles, *, columns: int, size: tuple[int, int], quarters: int = 0, exif: bytes = b"") -> bytes:
    """A photo of `size` in tiles, row by row, as phones write it; `exif` with its “Exif” in front."""
    coded = [_coded(tile) for tile in tiles]
    height, width = tiles[0].shape[:2]
    grid = struct.pack(">BBBBHH", 0, 0, len(tiles) // columns - 1, columns - 1, *size)
    items = [*((number + 1, b"hvc1", picture) for number, (_, picture) in enumerate(coded))]
    items.append((100, b"grid", grid))
    if exif:
        items.append((101, b"Exif", struct.pack(">I", 0) + exif.removeprefix(b"Exif\0\0")))
    properties = _box(
        b"ipco",
        *(_box(b"hvcC", record) for record, _ in coded),
        _full(b"ispe", struct.pack(">II", width, height)),
        _full(b"ispe", struct.pack(">II", *size)),
        _box(b"irot", bytes([quarters])),
    )
    shape, whole, turn = len(coded) + 1, len(coded) + 2, len(coded) + 3
    told = [struct.pack(">HBBB", number + 1, 2, 0x80 | number + 1, shape) for number in range(len(coded))]
    told.append(struct.pack(">HBBB", 100, 2, whole, 0x80 | turn))
    association = _full(b"ipma", struct.pack(">I", len(told)), *told)
    entries = [
        _full(b"infe", struct.pack(">HH4sB", number, 0, kind, 0), version=2) for number, kind, _ in items
    ]
    references = _box(
        b"dimg", struct.pack(">HH", 100, len(coded)), *(struct.pack(">H", n + 1) for n in range(len(coded)))
    )

    def with_offset(offset: int) -> bytes:
        places, at = b"", offset
        for number, _, octets in items:
            places += struct.pack(">HHHII", number, 0, 1, at, len(octets))
            at += len(octets)
        return _box(b"ftyp", b"heic", bytes(4), b"mif1heic") + _full(
            b"meta",
            _full(b"hdlr", bytes(4), b"pict", bytes(13)),
            _full(b"pitm", struct.pack(">H", 100)),
            _full(b"iloc", struct.pack(">BBH", 0x44, 0, len(items)), places),
            _full(b"iinf", struct.pack(">H", len(entries)), *entries),
            _full(b"iref", references),
            _box(b"iprp", properties, association),
        )

    data = b"".join(octets for _, _, octets in items)
    return with_offset(len(with_offset(0)) + 8) + _box(b"mdat", data)


def _coded(pixels: np.ndarray) -> tuple[bytes, bytes]:
    """One picture as H.265: its parameter sets, and its octets."""
    with tempfile.NamedTemporaryFile() as out, av.open(out.name, "w", format="mp4") as file:
        stream = file.add_stream("libx265", rate=25)
        stream.height, stream.width = pixels.shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.options = {"preset": "ultrafast", "x265-params": "log-level=none"}
        frame = av.VideoFrame.from_ndarray(pixels, "rgb24").reformat(format="yuv420p")
        frame.pts, frame.time_base = 0, Fraction(1, 25)
        file.mux(stream.encode(frame))
        file.mux(stream.encode())
        file.close()
        octets = Path(out.name).read_bytes()
    with av.open(io.BytesIO(octets)) as file:
        return _payload(octets, b"hvcC"), bytes(next(file.demux(video=0)))


def _payload(octets: bytes, name: bytes) -> bytes:
    at = octets.index(name)
    (length,) = struct.unpack(">I", octets[at - 4 : at])
    return octets[at + 4 : at - 4 + length]


def _box(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), name) + body


def _full(name: bytes, *parts: bytes, version: int = 0) -> bytes:
    return _box(name, bytes([version, 0, 0, 0]), *parts)
