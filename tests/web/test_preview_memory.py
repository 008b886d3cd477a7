"""The process that has previews made may be one that serves pages: it never holds a file, nor what was drawn of it."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys

import pytest
from PIL import Image

from kaoping.files.previewing import MAX_BYTES
from tests.files.photos import jpeg

MOST_MEMORY = 120_000_000
PAGES = 10
PROGRAM = """
import json, os, re, sys
from pathlib import Path
from types import SimpleNamespace
import django
django.setup()
from django.core.management import call_command
from kaoping.files.blobs import FolderBlobs
from kaoping.web.actions.previewing import make_previews
from kaoping.web.models import PreviewPart, Upload

call_command("migrate", verbosity=0)
data = Path(os.environ["KAOPING_DATA"])
here = SimpleNamespace(data=data, blobs=FolderBlobs.made_in(data / "blobs"), previews=FolderBlobs.made_in(data / "previews"),
                       now=lambda: "2024-12-20T01:00:00Z")
with open(sys.argv[1], "rb") as scan:
    blob = here.blobs.put(scan)
Upload.objects.create(owner="u", person="p", name="scan.pdf", size=blob.size, received=blob.size, state="ready",
                      sha256=blob.sha256, sm3=blob.sm3, begun_at=here.now(), done_at=here.now())
assert make_previews(here) == 1
peak = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())
print(json.dumps([1024 * int(peak[1]), list(PreviewPart.objects.values_list("size", flat=True))]))
"""


def scan(path):
    """A pdf of nearly the largest size, of pages that are all noise: what is drawn of it is large, too."""
    noise = random.Random(1).randbytes(1600 * 1100)
    photo = jpeg(Image.frombytes("L", (1600, 1100), noise), 80)
    photo += bytes(MAX_BYTES // PAGES - 100_000 - len(photo))
    kids = " ".join(f"{3 + 3 * number} 0 R" for number in range(PAGES))
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{kids}]/Count {PAGES}>>".encode()]  # fmt: skip
    draw = b"q 800 0 0 550 0 0 cm /I Do Q"
    for number in range(PAGES):
        at = 3 + 3 * number
        objects += [
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 800 550]/Contents %d 0 R"
            b"/Resources<</XObject<</I %d 0 R>>>>>>" % (at + 1, at + 2),
            b"<</Length %d>>stream\n%s\nendstream" % (len(draw), draw),
            b"<</Type/XObject/Subtype/Image/Width 1600/Height 1100/BitsPerComponent 8/ColorSpace/DeviceGray"
            b"/Filter/DCTDecode/Length %d>>stream\n%s\nendstream" % (len(photo), photo),
        ]
    with path.open("wb") as file:
        places = [file.write(b"%PDF-1.4\n")]
        for number, one in enumerate(objects, 1):
            written = file.write(b"%d 0 obj %s endobj\n" % (number, one))
            places.append(places[-1] + written)
        rows = b"".join(b"%010d 00000 n \n" % one for one in places[:-1])
        count = len(objects) + 1
        file.write(b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, rows))
        file.write(
            b"trailer <</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (count, places[-1])
        )
    return path


@pytest.mark.slow
def test_a_scan_near_the_limit_leaves_the_memory_small(tmp_path):
    path = scan(tmp_path / "scan.pdf")
    assert 0.95 * MAX_BYTES < path.stat().st_size < MAX_BYTES
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROGRAM, str(path)],
        env=os.environ
        | {
            "KAOPING_DATA": str(tmp_path),
            "KAOPING_DATABASE": "",
            "KAOPING_SECRET_KEY": "only-for-tests-" * 5,
            "DJANGO_SETTINGS_MODULE": "kaoping.config.settings",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    peak, sizes = json.loads(done.stdout)
    assert len(sizes) == PAGES
    assert sum(sizes) > 5_000_000, "what was drawn is large"
    assert peak < MOST_MEMORY
