#!/usr/bin/env python3
"""Makes the zips of the plugins, each with the SDK inside under the plugin's own namespace, and prints what is in them.

    cms-plugins/build.py [--out build/plugins] [--only woocommerce] [--quiet]

A new plugin is a row in PLUGINS. In the repository its code says `use Fiscalgate\\Sdk\\...`; in the zip every such name begins
with the namespace of the row, so that two plugins never load each other's version. The same sources give the same bytes:
names are sorted, times and permissions fixed. Tests and whatever begins with a dot are left out.
"""
import argparse
import ast
import collections
import hashlib
import pathlib
import re
import struct
import subprocess
import sys
import zipfile

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent

# folder     under cms-plugins
# zip        name of the file; shops see it, and some CMS take the name of the extension from it
# namespace  what stands for Fiscalgate in Fiscalgate\Sdk: FiscalgateWoo gives FiscalgateWoo\Sdk
# layout     part of the folder -> place in the zip, the longest part that fits counts; "" is everything
# sdk        place of the SDK in the zip: autoload.php and src/ come there
# shared     what plugins have in common: part of a folder under cms-plugins -> place in the zip
Plugin = collections.namedtuple("Plugin", "folder zip namespace layout sdk shared", defaults=({},))

PLUGINS = [
    Plugin("woocommerce", "fiscalgate-for-woocommerce.zip", "FiscalgateWoo", {"": "fiscalgate-for-woocommerce/"},
           "fiscalgate-for-woocommerce/sdk/"),
    Plugin("joomshopping", "fiscalgate-joomshopping.zip", "FiscalgateJoomshopping", {"": ""}, "sdk/"),
    Plugin("shopscript", "fiscalgate-shopscript.zip", "FiscalgateShopscript", {"": "fiscalgate/"}, "fiscalgate/lib/vendors/sdk/"),
    Plugin("opencart3", "fiscalgate-opencart3.ocmod.zip", "FiscalgateOpenCart3", {"upload/": "upload/"},
           "upload/system/library/fiscalgate/sdk/", {
               "opencart-common/src/": "upload/system/library/fiscalgate/sdk/src/OpenCart/",
               "opencart-common/view/": "upload/admin/view/template/extension/module/",
               "opencart-common/language/ru-ru/": "upload/admin/language/ru-ru/extension/module/",
               "opencart-common/language/en-gb/": "upload/admin/language/en-gb/extension/module/"}),
    # OpenCart 4 names the folder after the zip, and the namespace after the folder: no hyphens.
    Plugin("opencart4", "fiscalgate_opencart4.ocmod.zip", "FiscalgateOpenCart4", {"": ""}, "system/library/sdk/", {
        "opencart-common/src/": "system/library/sdk/src/OpenCart/",
        "opencart-common/view/": "admin/view/template/module/",
        "opencart-common/language/ru-ru/": "admin/language/ru-ru/module/",
        "opencart-common/language/en-gb/": "admin/language/en-gb/module/"}),
    Plugin("bitrix", "fiscalgate-bitrix.zip", "FiscalgateBitrix", {"": "fiscalgate.cashbox/"}, "fiscalgate.cashbox/sdk/"),
]

SDK = "php-sdk"
SDK_PARTS = ("src/", "autoload.php", "CHANGELOG.md")
LEFT_OUT = re.compile(r"(^|/)(\.(?!htaccess$)|tests?/|node_modules/|vendor/|__pycache__/|composer\.(json|lock)$|package(-lock)?\.json$|phpcs\.xml)")
NAME = re.compile(r"(?<![\w\\])(\\{0,2})Fiscalgate(\\{1,2})Sdk\b")
TIME = (2000, 1, 1, 0, 0, 0)
MODE = 0o100644 << 16


class BuildError(Exception):
    pass


def files_of(root, folder):
    """Paths inside the folder, as git knows them: also new files, but none that is ignored."""
    place = root / "cms-plugins" / folder
    listing = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "--", "."], cwd=place, capture_output=True, text=True)
    if listing.returncode == 0:
        names = listing.stdout.splitlines()
    else:
        names = [path.relative_to(place).as_posix() for path in place.rglob("*")]
    for name in sorted(set(names)):
        path = place / name
        if path.is_symlink():
            raise BuildError(f"{folder}/{name} is a link: a zip holds files")
        if path.is_file():
            yield name, path


def under_namespace(name, data, namespace):
    """PHP with Fiscalgate\\Sdk under the plugin's namespace; other files as they are."""
    if not name.endswith((".php", ".phtml", ".twig", ".tpl")):
        return data
    text = data.decode("utf-8")
    return NAME.sub(lambda m: m[1] + namespace.replace("\\", m[2]) + m[2] + "Sdk", text).encode("utf-8")


def placed(layout, name):
    """Where a file of the plugin goes; nothing if no part of the layout fits."""
    for part in sorted(layout, key=len, reverse=True):
        if name.startswith(part):
            return layout[part] + name[len(part):]
    return None


def compiled(po):
    """A gettext catalogue as the machine reads it; of entries without contexts."""
    entries, parts = [], {}
    for line in po.splitlines():
        if line.startswith("msg"):
            word, line = line.split(" ", 1)
            if not re.fullmatch(r"msgid|msgid_plural|msgstr(\[\d\])?", word):
                raise BuildError(f"{word} is not known here")
            if word == "msgid":
                parts = {}
                entries.append(parts)
            parts[word] = ""
        if line.startswith('"'):
            parts[word] += ast.literal_eval(line)
    texts = {}
    for parts in entries:
        key = "\0".join(parts[word] for word in ("msgid", "msgid_plural") if word in parts)
        texts[key] = "\0".join(text for word, text in parts.items() if word.startswith("msgstr"))
    pairs = sorted((key.encode(), text.encode()) for key, text in texts.items() if text.strip("\0"))
    at = 28 + 16 * len(pairs)
    tables, data = [b"", b""], b""
    for column in (0, 1):
        for pair in pairs:
            tables[column] += struct.pack("<II", len(pair[column]), at + len(data))
            data += pair[column] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, at)
    return head + tables[0] + tables[1] + data


def contents(plugin, root=ROOT):
    """Name in the zip -> bytes."""
    if not (root / "cms-plugins" / plugin.folder).is_dir():
        raise BuildError(f"there is no cms-plugins/{plugin.folder}")
    if not re.fullmatch(r"[A-Z]\w*(\\[A-Z]\w*)*", plugin.namespace) or plugin.namespace == "Fiscalgate":
        raise BuildError(f"{plugin.folder}: {plugin.namespace} is no namespace of its own")
    found = {}

    def put(place, name, path):
        if place in found:
            raise BuildError(f"{plugin.folder}: {place} is there twice")
        if place.startswith("/") or "\\" in place or ".." in place.split("/"):
            raise BuildError(f"{plugin.folder}: {place} would be unpacked elsewhere")
        found[place] = under_namespace(name, path.read_bytes(), plugin.namespace)

    for name, path in files_of(root, plugin.folder):
        place = placed(plugin.layout, name)
        if place and not LEFT_OUT.search(name):
            put(place, name, path)
            if place.endswith(".po") and not path.with_suffix(".mo").exists():  # with plurals it is compiled beside it
                found[place[:-3] + ".mo"] = compiled(found[place].decode("utf-8"))
    if not found:
        raise BuildError(f"cms-plugins/{plugin.folder} has nothing for its zip")
    for folder in sorted({part.split("/")[0] for part in plugin.shared}):
        for name, path in files_of(root, folder):
            place = placed(plugin.shared, f"{folder}/{name}")
            if place and not LEFT_OUT.search(name):
                put(place, name, path)
    for name, path in files_of(root, SDK):
        if name.startswith(SDK_PARTS):
            put(plugin.sdk + name, name, path)
    put(plugin.sdk + "LICENSE", "LICENSE", root / "LICENSE")
    return found


def write(plugin, out, root=ROOT):
    """The path of the zip."""
    found = sorted(contents(plugin, root).items())
    out.mkdir(parents=True, exist_ok=True)
    path = out / plugin.zip
    unfinished = path.with_suffix(".part")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in found:
            entry = zipfile.ZipInfo(name, TIME)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, MODE
            archive.writestr(entry, data)
    unfinished.replace(path)
    return path


def describe(path, with_names=True):
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
    print(f"{path.name}: {path.stat().st_size} bytes, {len(entries)} files, sha256 {digest}")
    for entry in entries if with_names else ():
        print(f"  {entry.file_size:8}  {entry.filename}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "build" / "plugins")
    parser.add_argument("--only", default="")
    parser.add_argument("--quiet", action="store_true", help="one line a zip")
    options = parser.parse_args()
    chosen = [plugin for plugin in PLUGINS if options.only in ("", plugin.folder)]
    if options.only and not chosen:
        sys.exit(f"plugins: there is no plugin {options.only}")
    try:
        for plugin in chosen:
            describe(write(plugin, options.out), not options.quiet)
    except BuildError as error:
        sys.exit(f"plugins: {error}")
    print(f"plugins: {len(chosen)} zips in {options.out}")


if __name__ == "__main__":
    main()
