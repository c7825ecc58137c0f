<?php

declare(strict_types=1);

namespace Fiscalgate\Shopscript\Tests;

use Fiscalgate\Sdk\Tests\FakeGateway;
use PHPUnit\Framework\TestCase;

/**
 * A shop with the plugin, and a gateway.
 */
abstract class Bench extends TestCase
{
    protected \FakeWebasyst $webasyst;
    protected FakeGateway $gateway;
    protected \shopFiscalgatePlugin $plugin;
    protected \shopFiscalgatePluginReceipts $receipts;
    protected int $now;

    protected function setUp(): void
    {
        $this->webasyst = new \FakeWebasyst();
        \FakeShop::reset();
        $this->now = time();
        $this->gateway = new FakeGateway();
        $install = (string) file_get_contents(__DIR__ . '/../../../cms-plugins/shopscript/lib/config/install.php');
        preg_match_all('/^ {8}([a-z_]+) (int|bigint|varchar|text|mediumtext)/m', $install, $columns, PREG_SET_ORDER);
        $definitions = array_map(static function (array $column): string {
            $type = strpos($column[2], 'int') === false ? 'TEXT' : 'INTEGER';
            return $column[1] . ' ' . ($column[1] === 'id' ? 'INTEGER PRIMARY KEY' : $type);
        }, $columns);
        (new \waModel())->exec('CREATE TABLE shop_fiscalgate_operation (' . implode(', ', $definitions) . ', UNIQUE (op_key))');
        $this->withSettings([]);
    }

    protected function withSettings(array $settings): void
    {
        $settings += FakeGateway::settings();
        $this->receipts = new \shopFiscalgatePluginReceipts(
            new \shopFiscalgatePluginSettings($settings, 'https://shop.example/fiscalgate/callback/', 'https://shop.example/'),
            new \shopFiscalgatePluginOrders(),
            new \shopFiscalgatePluginStore(new \shopFiscalgatePluginOperationModel()),
            $this->gateway,
            function (): int {
                return $this->now;
            }
        );
        $about = new \ReflectionClass(\shopFiscalgatePlugin::class);
        $this->plugin = $about->newInstanceWithoutConstructor(); // it would look for the SDK in the zip
        $this->plugin->setReceipts($this->receipts);
        $this->webasyst->plugin = $this->plugin;
    }

    protected function print(int $order): void
    {
        $this->receipts->onPaid($order);
        $this->settle();
    }

    protected function settle(): void
    {
        for ($i = 0; $i < 3; ++$i) {
            $this->receipts->work();
            foreach (array_keys($this->gateway->tasks) as $number) {
                if ($this->gateway->tasks[$number]['state'] === 'queued') {
                    $this->gateway->finish((string) $number);
                }
            }
            $this->now += 120;
        }
    }

    /** @return string[] */
    protected function numbers(): array
    {
        return array_map('strval', array_keys($this->gateway->tasks));
    }
}
