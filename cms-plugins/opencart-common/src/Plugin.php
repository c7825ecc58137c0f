<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\OpenCart;

use Fiscalgate\Sdk\CallbackAnswer;
use Fiscalgate\Sdk\CallbackReceiver;
use Fiscalgate\Sdk\Client;
use Fiscalgate\Sdk\Http\TransportInterface;

/**
 * The plugin as the controllers of both generations see it.
 */
final class Plugin
{
    /** Seconds a page, or a process that has let go of its buyer, may work at receipts. */
    private const SOON = 20;
    private const CRON = 45;
    /** After the gateway did not answer, checkouts leave it alone for so long. */
    private const AWAY = 60;

    private Db $db;
    private Generation $generation;
    private Guard $guard;
    /** @var callable */
    private $log;
    /** @var callable */
    private $clock;
    private ?TransportInterface $transport;

    /**
     * @param object $connection OpenCart's DB
     * @param string $prefix DB_PREFIX
     * @param string $version OpenCart's VERSION
     * @param callable $log (string $message)
     * @param callable|null $clock for tests, as is the transport
     */
    public function __construct(
        object $connection,
        string $prefix,
        string $version,
        callable $log,
        ?TransportInterface $transport = null,
        ?callable $clock = null
    ) {
        $this->db = new Db($connection, $prefix);
        $this->generation = new Generation($version);
        $this->guard = new Guard($log);
        $this->log = $log;
        $this->transport = $transport;
        $this->clock = $clock ?? 'time';
    }

    public function generation(): Generation
    {
        return $this->generation;
    }

    public function guard(): Guard
    {
        return $this->guard;
    }

    /** Of the whole shop: what another store of it has under the same name does not count. */
    public function settings(): Settings
    {
        $row = $this->db->row('SELECT `value` FROM {setting} WHERE `store_id` = 0 AND `key` = ?', SettingsPage::KEY);
        $stored = json_decode((string) ($row['value'] ?? ''), true);
        return new Settings(is_array($stored) ? $stored : []);
    }

    public function operations(): Operations
    {
        return new Operations($this->db, $this->clock);
    }

    public function reader(): OrderReader
    {
        return new OrderReader($this->db, $this->generation);
    }

    public function desk(): CashDesk
    {
        return new CashDesk($this->settings(), $this->reader(), $this->operations());
    }

    public function panel(): OrderPanel
    {
        return new OrderPanel($this->settings(), $this->reader(), $this->operations());
    }

    public function page(): SettingsPage
    {
        return new SettingsPage($this->db, $this->generation);
    }

    public function client(Settings $settings): Client
    {
        return new Client($settings->account(), $this->transport, function (string $level, string $message, array $context): void {
            $level === 'info' ?: ($this->log)($message . ' ' . json_encode($context, JSON_UNESCAPED_UNICODE));
        });
    }

    /** An order has a new status. Nothing of it reaches the checkout: neither time nor an error. */
    public function orderChanged(int $order): void
    {
        $this->guard->run(function () use ($order): void {
            if ($this->desk()->orderChanged($order)) {
                $this->sendSoon($order);
            }
        });
    }

    /** After the response, if that can be done here and the gateway is there. Else the cron does it. */
    public function sendSoon(int $order): void
    {
        if ($this->operations()->isGatewayAway(self::AWAY)) {
            return;
        }
        AfterResponse::run(function () use ($order): void {
            $this->guard->run(function () use ($order): void {
                ignore_user_abort(true);
                $this->work(self::SOON, $order);
                if (!$this->operations()->isGatewayAway(self::AWAY)) {
                    $this->work(self::SOON, null); // what earlier orders left behind, in shops whose cron is late
                }
            });
        });
    }

    /** All that is due of an order, now: somebody waits for it in the admin. */
    public function workNow(int $order): int
    {
        $this->operations()->wake($order);
        return $this->work(self::SOON, $order);
    }

    public function cron(): int
    {
        return (int) $this->guard->run(function (): int {
            return $this->work(self::CRON, null);
        });
    }

    /**
     * @param array<string, mixed> $headers $_SERVER
     * @param string $body byte for byte
     */
    public function callback(array $headers, string $body): CallbackAnswer
    {
        $answer = $this->guard->run(function () use ($headers, $body): CallbackAnswer {
            $results = new Results($this->operations());
            $log = function (string $level, string $message, array $context): void {
                $level === 'info' ?: ($this->log)($message . ' ' . json_encode($context, JSON_UNESCAPED_UNICODE));
            };
            $receiver = new CallbackReceiver([$this->settings()->text('code')], $results, $log, $this->clock);
            return $receiver->receive($headers, $body, [$results, 'take']);
        });
        return $answer ?? new CallbackAnswer(500, 'not applied', 'error');
    }

    private function work(int $seconds, ?int $order): int
    {
        $settings = $this->settings();
        if (!$settings->is('enabled') || $settings->faults() !== []) {
            return 0;
        }
        $operations = $this->operations();
        $worker = new Worker($operations, new Results($operations), $this->client($settings), $this->clock);
        return $worker->run($seconds, $order);
    }
}
