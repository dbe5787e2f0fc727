"""The lowest API level that a manifest names, in each of its three forms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffold.inspection.archive.manifest import Manifest, read_manifest
from tests.inspection.manifests import binary_manifest, bundle_manifest

HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<!-- <uses-sdk android:minSdkVersion="7"/> -->\n'
NAMESPACE = 'xmlns:android="http://schemas.android.com/apk/res/android"'


@pytest.mark.parametrize(
    ("xml", "manifest"),
    [
        ("<manifest {0}><uses-sdk android:minSdkVersion='19'/></manifest>", Manifest(19)),
        (
            '<manifest {0} split="feature">\n<uses-sdk\n android:targetSdkVersion="35"'
            ' android:minSdkVersion = "24" /></manifest>',
            Manifest(24, split=True),
        ),
        ("<manifest {0}/>", Manifest()),
        ('<manifest {0}><uses-sdk android:minSdkVersion="Q"/></manifest>', Manifest()),
    ],
)
def test_text_is_read(xml: str, manifest: Manifest) -> None:
    text = HEAD + xml.format(NAMESPACE)
    assert read_manifest(text.encode()) == manifest
    assert read_manifest(b"\xef\xbb\xbf" + text.encode()) == manifest


@pytest.mark.parametrize("utf8", [True, False])
def test_binary_xml_is_read(utf8: bool) -> None:
    assert read_manifest(binary_manifest(min_sdk=24, utf8=utf8)) == Manifest(24)
    assert read_manifest(binary_manifest(min_sdk=26, split="config.de", utf8=utf8)) == Manifest(
        26, split=True
    )
    assert read_manifest(binary_manifest(utf8=utf8)) == Manifest()


def test_a_bundles_protocol_buffer_is_read() -> None:
    assert read_manifest(bundle_manifest(24)) == Manifest(24)
    assert read_manifest(bundle_manifest(33, split="feature")) == Manifest(33, split=True)


@given(st.binary(max_size=200), st.integers(0, 300), st.integers(0, 255))
def test_anything_else_says_nothing(data: bytes, at: int, value: int) -> None:
    for start in (b"", b"\x03\0\x08\0", b"<"):
        read_manifest(start + data)
    broken = bytearray(binary_manifest(min_sdk=24))
    broken[at % len(broken)] = value
    read_manifest(bytes(broken))
    read_manifest(bytes(broken[:at]))
