"""The price table's file: made once, kept private, made anew when it is old or broken."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from gateway_core.model.errors import StartError
from gateway_core.providers.compiled import ensure_compiled
from gateway_core.providers.prices import PriceBook
from gateway_core.providers.table import LAYOUT


def test_a_missing_table_is_made_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "data" / "prices.json"
    ensure_compiled(path)
    head = json.loads(path.read_bytes())
    assert (head["layout"], head["version"]) == (LAYOUT, version("genai-prices"))
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["prices.json"]


def test_a_table_of_this_version_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "prices.json"
    text = json.dumps({"layout": LAYOUT, "version": version("genai-prices"), "dated": "", "providers": {}})
    path.write_text(text)
    ensure_compiled(path)
    assert path.read_text() == text


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"layout": 0, "version": "0"}', f'{{"layout": {LAYOUT}, "version": "0.0.1"}}'],
)
def test_an_old_or_broken_table_is_made_anew(tmp_path: Path, text: str) -> None:
    path = tmp_path / "prices.json"
    path.write_text(text)
    ensure_compiled(path)
    assert PriceBook.load(path).models("openai")


def test_a_place_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StartError, match="cannot be made") as caught:
        ensure_compiled(tmp_path / "file" / "prices.json")
    assert "Traceback" not in caught.value.message


def test_a_table_that_cannot_be_read_is_a_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "prices.json"
    path.write_text("{}")
    with pytest.raises(StartError, match="delete it"):
        PriceBook.load(path)


def test_a_running_gateway_loads_neither_genai_prices_nor_a_process(compiled_prices: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from datetime import datetime, UTC;"
        "from gateway_core.providers.prices import PriceBook, ensure_compiled;"
        f"path = Path({str(compiled_prices)!r}); ensure_compiled(path); book = PriceBook.load(path);"
        "assert book.find('openai', 'gpt-5', datetime.now(UTC));"
        "print([name for name in ('genai_prices', 'pydantic', 'subprocess') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]", done.stderr


def test_a_file_beside_the_user_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "genai_prices.py").write_text("raise SystemExit('hijacked')")
    monkeypatch.chdir(tmp_path)
    ensure_compiled(tmp_path / "prices.json")
    assert (tmp_path / "prices.json").exists()
