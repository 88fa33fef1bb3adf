"""The user's own keys: read, checked, and every clash named."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.keymap import KEYS
from console.keymap.own import PRESETS, choose_preset, clashes, own_keys, preset_of


def written(folder: Path, text: str) -> Path:
    file = folder / "keys.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_without_a_file_the_keys_are_as_they_are(tmp_path: Path) -> None:
    assert own_keys(tmp_path / "keys.toml").keys == {}
    assert own_keys(tmp_path / "keys.toml").problems == ()


def test_a_preset_and_changes_to_it(tmp_path: Path) -> None:
    own = own_keys(written(tmp_path, 'preset = "vim"\n[keys]\n"dash.freeze" = "f"\n'))
    assert own.problems == ()
    assert own.keys["dash.freeze"] == "f"
    assert own.keys["list.page_down"] == PRESETS["vim"]["list.page_down"]


def test_a_preset_is_chosen_and_all_else_in_the_file_stays(tmp_path: Path) -> None:
    file = tmp_path / "config" / "keys.toml"
    assert preset_of(file) == "default"
    choose_preset(file, "vim")
    assert (file.read_text(encoding="utf-8"), preset_of(file)) == ('preset = "vim"\n', "vim")
    file.write_text('# mine\npreset = \'vim\' # why\n[keys]\n"app.theme" = "f2"\n', encoding="utf-8")
    choose_preset(file, "default")
    text = file.read_text(encoding="utf-8")
    assert text.startswith("# mine\n") and "# why" in text and preset_of(file) == "default"
    assert own_keys(file).keys == {"app.theme": "f2"}


def test_a_file_that_is_no_toml_is_not_written_over(tmp_path: Path) -> None:
    file = written(tmp_path, "[keys")
    with pytest.raises(ValueError):
        choose_preset(file, "vim")
    assert file.read_text(encoding="utf-8") == "[keys"
    assert preset_of(file) == "default"


@pytest.mark.parametrize("preset", PRESETS)
def test_presets_know_their_keys_and_do_not_clash(preset: str) -> None:
    assert set(PRESETS[preset]) <= {key.id for key in KEYS}
    assert not clashes(PRESETS[preset])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("preset = ", "keys.toml: "),
        ('preset = "emacs"', "preset 'emacs' is none of default, vim"),
        ('[keys]\n"dash.freze" = "f"', "no key is called 'dash.freze'; did you mean 'dash.freeze'?"),
        ('[keys]\n"dash.freeze" = 7', "dash.freeze must be keys as text"),
        ("[key]\n", "there is no 'key'"),
        ('[keys]\n"dash.freeze" = "b"', "b is both app.budgets and dash.freeze"),
        ('preset = ["vim"]', "preset ['vim'] is none of default, vim"),
        ('keys = "vim"', "keys must be a table, [keys]"),
        ('[keys]\n"app.theme" = "ctrl-t"', "app.theme: no terminal sends 'ctrl-t'; did you mean 'ctrl+t'?"),
        ('[keys]\n"app.theme" = "F2"', "app.theme: no terminal sends 'F2'; did you mean 'f2'?"),
        ('[keys]\n"app.theme" = "shift+a"', "app.theme: no terminal sends 'shift+a'"),
        ('[keys]\n"app.theme" = "banana"', "app.theme: no terminal sends 'banana'"),
        ('[keys]\n"app.theme" = "?"', "? is both app.help and app.theme"),
        ('[keys]\n"budgets.new" = "j"', "j is both list.down and budgets.new"),
        ('[keys]\n"what_if.all" = "k"', "k is both list.up and what_if.all"),
    ],
)
def test_what_is_wrong_is_told_and_left_out(tmp_path: Path, text: str, told: str) -> None:
    assert any(told in problem for problem in own_keys(written(tmp_path, text)).problems)


def test_a_sign_is_a_key_as_it_is_written(tmp_path: Path) -> None:
    own = own_keys(written(tmp_path, '[keys]\n"app.theme" = "%, f2"\n"app.task" = ","\n"app.mode" = "alt+x"'))
    assert own.keys == {"app.theme": "percent_sign,f2", "app.task": "comma", "app.mode": "alt+x"}
    assert own.problems == ("keys.toml: , is both app.settings and app.task",)


def test_a_form_covers_the_keys_that_are_valid_everywhere(tmp_path: Path) -> None:
    assert own_keys(written(tmp_path, '[keys]\n"app.theme" = "ctrl+t"')).problems == ()
    told = own_keys(written(tmp_path, '[keys]\n"columns.keep" = "ctrl+c"')).problems
    assert told == ("keys.toml: ^c is both app.quit and columns.keep",)
