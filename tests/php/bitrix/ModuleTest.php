<?php

declare(strict_types=1);

namespace Fiscalgate\Tests\Bitrix;

use Bitrix\Main\Application;
use Bitrix\Main\Config\Option;
use Bitrix\Main\Loader;
use Fiscalgate\Cashbox\Handlers;
use Fiscalgate\Cashbox\Operation;
use Fiscalgate\Cashbox\OperationList;
use Fiscalgate\Cashbox\OperationTable;
use Fiscalgate\Cashbox\Settings;
use Fiscalgate\Cashbox\TableOperations;
use PHPUnit\Framework\TestCase;

final class ModuleTest extends TestCase
{
    protected function setUp(): void
    {
        World::fresh();
        Application::$done = ['table ' . OperationTable::getTableName()];
        require_once Loader::$root . '/install/index.php';
    }

    protected function tearDown(): void
    {
        Loader::$modules = ['sale', 'catalog', 'fiscalgate.cashbox'];
    }

    public function testInstallingRegistersEverythingAndUninstallingTakesItAway(): void
    {
        Option::$values = [];
        $module = new \fiscalgate_cashbox();
        self::assertSame('1.0.0', $module->MODULE_VERSION);
        self::assertTrue($module->DoInstall());
        $prefix = Option::get(Settings::MODULE, 'PREFIX');
        self::assertMatchesRegularExpression('/^bx[0-9a-f]{6}$/', $prefix);
        $done = implode("\n", Application::$done);
        self::assertStringNotContainsString('MISSING', $done);
        foreach (\fiscalgate_cashbox::EVENTS as $event => $method) {
            self::assertStringContainsString("on sale/$event", $done);
            self::assertTrue(method_exists(Handlers::class, $method));
        }
        self::assertStringContainsString('agent \Fiscalgate\Cashbox\Agent::run(); 60', $done);

        Application::$done = [];
        $module->DoUninstall();
        $done = implode("\n", Application::$done);
        self::assertStringNotContainsString('drop', $done);
        self::assertSame($prefix, Option::get(Settings::MODULE, 'PREFIX'), 'a second installation goes on with the same numbers');
        self::assertSame(4, substr_count($done, 'off sale/'));
        Option::set(Settings::MODULE, 'KEEP_DATA', 'N');
        $module->DoUninstall();
        self::assertStringContainsString('drop ' . OperationTable::getTableName(), implode("\n", Application::$done));
    }

    public function testWithoutTheShopModuleItIsNotInstalled(): void
    {
        Loader::$modules = [];
        $GLOBALS['APPLICATION'] = new class () {
            public string $said = '';

            public function ThrowException(string $text): void // phpcs:ignore
            {
                $this->said = $text;
            }
        };
        self::assertFalse((new \fiscalgate_cashbox())->DoInstall());
        self::assertNotSame('', $GLOBALS['APPLICATION']->said);
        unset($GLOBALS['APPLICATION']);
    }

    public function testBothLanguagesSayTheSameThings(): void
    {
        $codes = [];
        foreach (['ru', 'en'] as $language) {
            $root = Loader::$root . '/lang/' . $language;
            $files = new \RecursiveIteratorIterator(new \RecursiveDirectoryIterator($root, \FilesystemIterator::SKIP_DOTS));
            foreach ($files as $file) {
                $MESS = [];
                include (string) $file;
                $name = substr((string) $file, strlen($root));
                self::assertFileExists(Loader::$root . $name);
                foreach ($MESS as $code => $text) {
                    self::assertNotSame('', $text, $code);
                    $codes[$language][] = "$name $code";
                }
            }
            sort($codes[$language]);
        }
        self::assertSame($codes['ru'], $codes['en']);
    }

    public function testListShowsWhatBecameOfEachAndEscapesIt(): void
    {
        $operation = new Operation('bx1-1237', Operation::SALE, 1237);
        $operation->refuse('<script>alert(1)</script>"');
        $operation->receiptUrl = 'javascript:alert(1)';
        (new TableOperations())->add($operation);
        $printed = new Operation('bx1-1238', Operation::SALE, 1238);
        [$printed->state, $printed->mark, $printed->receiptUrl] = ['done', World::MARK, 'https://gate.example/r/"x'];
        (new TableOperations())->add($printed);
        $html = (new OperationList(World::services()))->html(0, '<input name="sessid">');
        self::assertStringNotContainsString('<script>', $html);
        self::assertStringNotContainsString('javascript:', $html);
        self::assertStringContainsString('&lt;script&gt;', $html);
        self::assertStringContainsString('ФД 42', $html);
        self::assertStringContainsString('href="https://gate.example/r/&quot;x"', $html);
        self::assertSame(1, substr_count($html, 'value="again"'));
        self::assertSame(1, substr_count($html, 'name="sessid"'));
        self::assertStringNotContainsString('1238', (new OperationList(World::services()))->html(1237, ''));
    }

    public function testButtonsOfTheList(): void
    {
        $services = World::services(World::accepted('bx1-1237'));
        $services->eventTrack()->onPaid(World::order());
        $list = new OperationList($services);
        self::assertNotSame('', $list->act('ask', 'bx1-1237'));
        self::assertSame('queued', World::find('bx1-1237')->state);
        self::assertStringContainsString('нельзя', $list->act('again', 'bx1-1237'));
        self::assertNotSame('', $list->act('again', 'bx1-none'));
        self::assertNotSame('', $list->act('drop', 'bx1-1237'));
    }
}
