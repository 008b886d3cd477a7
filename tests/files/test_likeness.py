"""Near photos: the same hash as ImageHash's, near after what people do to photos, far for others."""

from __future__ import annotations

import io
from itertools import combinations

import pytest
from PIL import Image, ImageEnhance

from kaoping.files.likeness import bits_apart, likeness
from tests.files.photos import cropped, jpeg, scene

BY_IMAGEHASH = {
    1: "b8590b5289672cd044d743b674974fa891491b69b6c26b6db77569a4d31c7a99",
    2: "ad0b427c58af43982c5a393cc7f11ec6b3385ee4a3c0161b58eee731a1ced857",
    3: "c36846a303f3762b2ad87e1418ae1956388e4b55b49e4979b59c397f331c3ce3",
}
"""What ImageHash 4.3.2 says of these scenes: `phash(picture, hash_size=16)`."""
NEAR = 48
"""The setting as it comes."""


@pytest.mark.parametrize("number", BY_IMAGEHASH)
def test_it_is_the_hash_that_imagehash_reckons(number):
    assert likeness(scene(number)) == BY_IMAGEHASH[number]


CHANGES = {
    "half as large": lambda one: one.resize((one.width // 2, one.height // 2)),
    "pressed": lambda one: Image.open(io.BytesIO(jpeg(one, 40))),
    "brighter": lambda one: ImageEnhance.Brightness(one).enhance(1.2),
    "grey": lambda one: one.convert("L"),
    "cropped a little": lambda one: cropped(one, 2),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_photo_that_was_changed_stays_near(change):
    for number in range(1, 9):
        one = scene(number)
        assert bits_apart(likeness(one), likeness(CHANGES[change](one))) <= NEAR, number


def test_photos_of_other_things_are_far():
    hashes = [likeness(scene(number)) for number in range(1, 13)]
    assert min(bits_apart(*pair) for pair in combinations(hashes, 2)) > NEAR + 20


def test_a_blank_picture_has_a_hash_too():
    blank = Image.new("RGB", (900, 700), (255, 255, 255))
    assert bits_apart(likeness(blank), likeness(blank.resize((30, 20)))) == 0
