"""cms-plugins/build.py: the same bytes every time, the SDK under the plugin's own namespace, nothing that does not belong."""
import contextlib
import gettext
import io
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "cms-plugins"))
import build  # noqa: E402

ONE = build.Plugin("one", "fiscalgate-one.zip", "FiscalgateOne", {"": "fiscalgate-one/"}, "fiscalgate-one/sdk/")
TWO = build.Plugin("two", "fiscalgate-two.zip", "Shop\\FiscalgateTwo", {"upload/": "upload/", "": ""}, "upload/library/sdk/")
MAIN = r"""<?php
use Fiscalgate\Sdk\Money;
use Fiscalgate\Sdk\{Item, Vat};
$name = 'Fiscalgate\\Sdk\\Client';
$kopecks = \Fiscalgate\Sdk\Quantity::parse('1');
// MyFiscalgate\Sdk and Fiscalgate\Sdks are of somebody else
"""


class ZipCase(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="fiscalgate-zips-"))
        self.addCleanup(shutil.rmtree, self.root)
        shutil.copytree(ROOT / "cms-plugins" / "php-sdk", self.root / "cms-plugins" / "php-sdk")
        shutil.copy(ROOT / "LICENSE", self.root)
        self.put("one/fiscalgate.php", MAIN)
        self.put("one/readme.txt", "Fiscalgate\\Sdk stays in texts\n")
        for name in ("tests/a.php", "sub/test/b.php", ".hidden", "sub/.git/x", "node_modules/x.js", "composer.json", "phpcs.xml.dist"):
            self.put(f"one/{name}", "<?php\n")
        self.put("two/upload/admin/x.php", MAIN)
        self.put("two/install.xml", "<xml/>")

    def put(self, name, text):
        path = self.root / "cms-plugins" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def build(self, plugin, out="out"):
        return build.write(plugin, self.root / out, self.root)

    def unpack(self, plugin):
        folder = self.root / "unpacked" / plugin.folder
        with zipfile.ZipFile(self.build(plugin)) as archive:
            archive.extractall(folder)
        return folder

    def php(self, *words):
        return subprocess.run(["php", "-d", "display_errors=1", *map(str, words)], capture_output=True, text=True, timeout=60)


class BuildTest(ZipCase):
    def test_the_same_sources_give_the_same_bytes(self):
        first = self.build(ONE).read_bytes()
        for number, path in enumerate(sorted((self.root / "cms-plugins").rglob("*.php"))):
            os.utime(path, (1_000_000_000 + number, 1_000_000_000 + number))
            path.chmod(0o600 if number % 2 else 0o755)
        moved = self.root / "cms-plugins" / "one" / "moved"
        shutil.move(self.root / "cms-plugins" / "one" / "fiscalgate.php", moved)
        shutil.move(moved, self.root / "cms-plugins" / "one" / "fiscalgate.php")
        self.assertEqual(self.build(ONE, "again").read_bytes(), first)
        self.put("one/readme.txt", "changed")
        self.assertNotEqual(self.build(ONE, "changed").read_bytes(), first)

    def test_entries_are_sorted_and_alike(self):
        with zipfile.ZipFile(self.build(ONE)) as archive:
            entries = archive.infolist()
            self.assertIsNone(archive.testzip())
        names = [entry.filename for entry in entries]
        self.assertEqual(names, sorted(set(names)))
        self.assertEqual({(entry.date_time, entry.external_attr, entry.create_system) for entry in entries},
                         {((2000, 1, 1, 0, 0, 0), 0o100644 << 16, 3)})

    def test_only_what_belongs_there_is_in_it(self):
        with zipfile.ZipFile(self.build(ONE)) as archive:
            names = set(archive.namelist())
        sdk = {name for name in names if name.startswith("fiscalgate-one/sdk/")}
        self.assertEqual(names - sdk, {"fiscalgate-one/fiscalgate.php", "fiscalgate-one/readme.txt"})
        inside = {path.relative_to(ROOT / "cms-plugins/php-sdk").as_posix()
                  for path in (ROOT / "cms-plugins/php-sdk/src").rglob("*.php")}
        self.assertEqual({name.removeprefix("fiscalgate-one/sdk/") for name in sdk},
                         inside | {"autoload.php", "CHANGELOG.md", "LICENSE"})

    def test_a_layout_puts_parts_where_they_belong(self):
        with zipfile.ZipFile(self.build(TWO)) as archive:
            names = set(archive.namelist())
        self.assertLessEqual({"install.xml", "upload/admin/x.php", "upload/library/sdk/autoload.php"}, names)

    def test_every_name_is_under_the_plugins_namespace(self):
        for plugin, main, wanted in ((ONE, "fiscalgate-one/fiscalgate.php", r"FiscalgateOne"),
                                     (TWO, "upload/admin/x.php", r"Shop\FiscalgateTwo")):
            folder = self.unpack(plugin)
            text = (folder / main).read_text(encoding="utf-8")
            for line in (rf"use {wanted}\Sdk\Money;", rf"use {wanted}\Sdk\{{Item, Vat}};", rf"= \{wanted}\Sdk\Quantity::parse",
                         "'" + wanted.replace("\\", "\\\\") + r"\\Sdk\\Client'", r"MyFiscalgate\Sdk and Fiscalgate\Sdks are"):
                self.assertIn(line, text)
            for path in folder.rglob("*.php"):
                own = path.read_text(encoding="utf-8").replace("MyFiscalgate", "")
                self.assertNotRegex(own, r"(?<![\w\\])\\{0,2}Fiscalgate\\+Sdk\b", path.name)
                done = self.php("-l", path)
                self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("Fiscalgate\\Sdk stays", (self.root / "unpacked/one/fiscalgate-one/readme.txt").read_text(encoding="utf-8"))

    def test_two_plugins_live_in_one_program(self):
        one, two = self.unpack(ONE), self.unpack(TWO)
        money = two / "upload/library/sdk/src/Money.php"
        money.write_text(money.read_text(encoding="utf-8").replace("MAX = 9999999999", "MAX = 5"), encoding="utf-8")
        program = self.root / "program.php"
        program.write_text(f"""<?php
require '{one}/fiscalgate-one/sdk/autoload.php';
require '{two}/upload/library/sdk/autoload.php';
echo FiscalgateOne\\Sdk\\Money::MAX, ' ', Shop\\FiscalgateTwo\\Sdk\\Money::MAX, ' ';
echo (int) class_exists('Fiscalgate\\\\Sdk\\\\Money');
""", encoding="utf-8")
        done = self.php(program)
        self.assertEqual((done.stdout, done.returncode), ("9999999999 5 0", 0), done.stderr)

    def test_what_cannot_be_right_is_refused(self):
        wrong = [ONE._replace(folder="absent"), ONE._replace(namespace="Fiscalgate"), ONE._replace(namespace="no-name"),
                 ONE._replace(layout={"": "../"}), ONE._replace(layout={"": "/"}), ONE._replace(layout={"none/": ""}),
                 TWO._replace(layout={"upload/admin/": "", "": ""}, sdk="x.php/")._replace(layout={"upload/admin/x.php": "install.xml", "": ""})]
        for plugin in wrong:
            with self.subTest(plugin), self.assertRaises(build.BuildError):
                self.build(plugin)
        (self.root / "cms-plugins/one/link.php").symlink_to("/etc/hostname")
        with self.assertRaises(build.BuildError):
            self.build(ONE)
        self.assertEqual(list(self.root.glob("out/*")), [])

    def test_its_contents_are_printed(self):
        path, said = self.build(ONE), io.StringIO()
        with contextlib.redirect_stdout(said):
            build.describe(path)
        self.assertRegex(said.getvalue(), r"(?s)^fiscalgate-one\.zip: \d+ bytes, \d+ files, sha256 [0-9a-f]{64}\n")
        self.assertIn("fiscalgate-one/sdk/src/Client.php\n", said.getvalue())


    def test_catalogues_are_compiled_beside_their_source(self):
        (self.root / "cms-plugins/one/ru.po").write_text('msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
                                                         'msgid "Say \\"no\\""\nmsgstr ""\n"Скажи "\n"\\"нет\\""\n\n'
                                                         '# not yet\nmsgid "Later"\nmsgstr ""\n\n'
                                                         'msgid "a day"\nmsgid_plural "days"\nmsgstr[0] "день"\nmsgstr[1] "дни"\n', encoding="utf-8")
        catalogue = gettext.GNUTranslations((self.unpack(ONE) / "fiscalgate-one/ru.mo").open("rb"))
        self.assertEqual([catalogue.gettext('Say "no"'), catalogue.gettext("Later")], ['Скажи "нет"', "Later"])
        self.assertEqual([catalogue.ngettext("a day", "days", count) for count in (1, 2)], ["день", "дни"])
        (self.root / "cms-plugins/one/ru.po").write_text('msgctxt "a"\nmsgid "b"\nmsgstr "c"\n', encoding="utf-8")
        with self.assertRaises(build.BuildError):
            self.build(ONE)

    def test_what_keeps_visitors_out_comes_along(self):
        (self.root / "cms-plugins/one/.htaccess").write_text("Deny from all", encoding="utf-8")
        (self.root / "cms-plugins/one/.editorconfig").write_text("root = true", encoding="utf-8")
        folder = self.unpack(ONE) / "fiscalgate-one"
        self.assertEqual([(folder / name).exists() for name in (".htaccess", ".editorconfig")], [True, False])


class TableTest(unittest.TestCase):
    def test_every_plugin_of_the_table_can_be_built_and_read(self):
        out = pathlib.Path(tempfile.mkdtemp(prefix="fiscalgate-zips-"))
        self.addCleanup(shutil.rmtree, out)
        done = subprocess.run([sys.executable, str(ROOT / "cms-plugins" / "build.py"), "--out", str(out)], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(f"plugins: {len(build.PLUGINS)} zips in", done.stdout)
        self.assertEqual(sorted(path.name for path in out.iterdir()), sorted(plugin.zip for plugin in build.PLUGINS))
        self.assertEqual(len({plugin.namespace for plugin in build.PLUGINS}), len(build.PLUGINS))
        for path in out.glob("*.zip"):
            with zipfile.ZipFile(path) as archive:
                archive.extractall(out / path.stem)
            for php in (out / path.stem).rglob("*.php"):
                lint = subprocess.run(["php", "-l", str(php)], capture_output=True, text=True)
                self.assertEqual(lint.returncode, 0, lint.stdout)


if __name__ == "__main__":
    unittest.main()
