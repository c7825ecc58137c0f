<?php

declare(strict_types=1);

namespace Fiscalgate\Plugin\System\Fiscalgate\Tests;

use Fiscalgate\Plugin\System\Fiscalgate\DatabaseStore;
use Fiscalgate\Plugin\System\Fiscalgate\Extension\Fiscalgate;
use Fiscalgate\Plugin\System\Fiscalgate\Orders;
use Fiscalgate\Plugin\System\Fiscalgate\Receipts;
use Fiscalgate\Plugin\System\Fiscalgate\Settings;
use Fiscalgate\Sdk\Shop\Desk;
use Fiscalgate\Sdk\Tests\FakeGateway;
use Joomla\CMS\Log\Log;
use Joomla\CMS\Session\Session;
use Joomla\Registry\Registry;
use Joomla\Tests\FakeApplication;
use Joomla\Tests\FakeDatabase;
use Joomla\Tests\FakeShop;
use PHPUnit\Framework\TestCase;

/**
 * A shop with the plugin, and a gateway.
 */
abstract class Bench extends TestCase
{
    protected FakeDatabase $db;
    protected FakeShop $shop;
    protected FakeGateway $gateway;
    protected FakeApplication $app;
    protected Receipts $receipts;
    protected Fiscalgate $plugin;
    protected int $now;

    protected function setUp(): void
    {
        Log::$lines = [];
        Session::$isGenuine = true;
        $this->now = time();
        $this->db = new FakeDatabase();
        $this->shop = new FakeShop($this->db);
        $this->gateway = new FakeGateway();
        $this->app = new FakeApplication();
        $this->withSettings([]);
    }

    protected function withSettings(array $settings): void
    {
        $desk = new Desk(new DatabaseStore($this->db), [Receipts::class, 'log'], function (): int {
            return $this->now;
        });
        $registry = new Registry($settings + FakeGateway::settings());
        $this->receipts = new Receipts(new Settings($registry, 'https://shop.example/'), new Orders($this->db), $desk, $this->gateway);
        $this->plugin = new Fiscalgate();
        $this->plugin->setApplication($this->app);
        $this->plugin->setReceipts($this->receipts);
    }

    /** Places, hands over, prints, and tells the shop. */
    protected function print(int $order): void
    {
        $this->receipts->onStatus($order, 6);
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
