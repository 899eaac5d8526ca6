"""The image of a disc: made in one pass, the same each time, every descriptor vouched for by its tag.

That a kernel mounts it is shown in `tests/faults/test_discs.py`.
"""

import binascii
import io
import struct

import pytest

from aigaq.package import udf
from aigaq.package.disc import Disc, DiscFileTooLargeError, DiscNameError
from aigaq.package.members import Member, MemberChangedError
from aigaq.package.udf import BLOCK
from tests.support.parcels import AT, CONTENT, NAME, members


def made(some=None) -> bytes:
    disc = Disc(members() if some is None else some, name=NAME, at=AT)
    image = b"".join(disc.pieces())
    assert len(image) == disc.size
    return image


def tag(image: bytes, block: int) -> int:
    """The identifier of the descriptor in `block`, its checksum, digest and place proven (ECMA-167 3/7.2)."""
    head = image[block * BLOCK : block * BLOCK + 16]
    kind, version, checksum, _, _, crc, length, location = struct.unpack("<HHBBHHHI", head)
    assert sum(head[:4] + head[5:]) & 0xFF == checksum
    assert binascii.crc_hqx(image[block * BLOCK + 16 : block * BLOCK + 16 + length], 0) == crc
    assert version == 2
    assert location in {block, block - 257}
    return kind


def test_the_same_files_give_the_same_image_in_whatever_order_they_come():
    assert made(members()[::-1]) == made()


def test_other_files_give_another_volume():
    assert made([*members()][1:])[: 64 * BLOCK] != made()[: 64 * BLOCK]


def test_every_descriptor_stands_where_its_tag_says():
    image = made()
    last = len(image) // BLOCK - 1
    assert [image[block * BLOCK + 1 : block * BLOCK + 6] for block in (16, 17, 18)] == [
        b"BEA01",
        b"NSR02",
        b"TEA01",
    ]
    for first in (32, 48):
        assert [tag(image, block) for block in range(first, first + 6)] == [1, 4, 5, 6, 7, 8]
    assert [tag(image, block) for block in (64, 65, 256, 257, 258, 259, last)] == [9, 8, 2, 256, 8, 261, 2]
    for sector in (32, 48):
        assert len(image[sector * BLOCK :].split(NAME.encode())) > 1


@pytest.mark.parametrize(
    ("identifier", "size"), [(1, 512), (4, 512), (5, 512), (6, 446), (7, 24), (8, 512), (9, 134), (256, 512)]
)
def test_descriptors_are_as_long_as_the_standard_has_them(identifier, size):
    image = made()
    block = {1: 32, 4: 33, 5: 34, 6: 35, 7: 36, 8: 37, 9: 64, 256: 257}[identifier]
    assert struct.unpack_from("<H", image, block * BLOCK + 10)[0] == size - 16


def test_the_image_fills_what_a_drive_writes_at_once():
    for count in range(1, 40):
        some = [Member(f"a/{number}", BLOCK, lambda: io.BytesIO(bytes(BLOCK))) for number in range(count)]
        assert len(made(some)) % (32 * BLOCK) == 0


def test_what_no_disc_can_hold_is_refused_before_anything_is_written():
    with pytest.raises(DiscFileTooLargeError):
        Disc([Member("a/huge.MP4", udf.LARGEST + 1, io.BytesIO)], name=NAME, at=AT)
    with pytest.raises(DiscNameError):
        Disc([Member("a/" + "Ұ" * 128, 1, io.BytesIO)], name=NAME, at=AT)


def test_a_file_that_has_another_length_by_then_ends_it():
    with pytest.raises(MemberChangedError):
        made([Member("a/b", 3, lambda: io.BytesIO(b"ab"))])


def test_the_octets_of_every_file_are_in_it_once_at_the_beginning_of_a_block():
    image = made()
    for path, octets in CONTENT.items():
        if len(octets) > 1000:
            assert image.count(octets) == 1, path
            assert image.index(octets) % BLOCK == 0, path
