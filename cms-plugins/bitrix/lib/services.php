<?php

declare(strict_types=1);

namespace Fiscalgate\Cashbox;

use Bitrix\Main\Config\Option;
use Bitrix\Sale\Cashbox\Manager;
use Fiscalgate\Sdk\Client;
use Fiscalgate\Sdk\Http\TransportInterface;

/**
 * Puts the module together for one hit.
 */
final class Services
{
    private Settings $settings;
    private Operations $operations;
    private ?TransportInterface $transport;

    public function __construct(
        ?Settings $settings = null,
        ?Operations $operations = null,
        ?TransportInterface $transport = null
    ) {
        $this->settings = $settings ?? new Settings(Option::getForModule(Settings::MODULE));
        $this->operations = $operations ?? new TableOperations();
        $this->transport = $transport;
    }

    public function settings(): Settings
    {
        return $this->settings;
    }

    public function operations(): Operations
    {
        return $this->operations;
    }

    public function worker(): Worker
    {
        return new Worker(
            $this->operations,
            function (Operation $operation): Client {
                return $this->client($this->settingsOf($operation->cashboxId));
            },
            static function (Operation $operation): void {
                if ($operation->kind === Operation::CHECK) {
                    CashboxFiscalgate::applyOperation($operation);
                }
            }
        );
    }

    public function eventTrack(): EventTrack
    {
        return new EventTrack($this->settings, $this->operations, $this->worker());
    }

    public function client(Settings $settings): Client
    {
        return new Client($settings->account(), $this->transport ?? new BitrixTransport(), self::logger());
    }

    /** @return string[] the integrity codes a callback may be signed with */
    public function codes(): array
    {
        $codes = [$this->settings->get('CODE')];
        foreach (self::cashboxes() as $row) {
            $codes[] = $this->settings->forCashbox($row['SETTINGS'] ?? [])->get('CODE');
        }
        return array_values(array_unique(array_filter($codes, 'strlen')));
    }

    public function settingsOf(int $cashboxId): Settings
    {
        return $cashboxId === 0 ? $this->settings : $this->settings->forCashbox(self::cashboxes()[$cashboxId]['SETTINGS'] ?? []);
    }

    /** The SDK masks secrets and contacts in what it says. */
    public static function logger(): callable
    {
        return static function (string $level, string $message, array $context): void {
            if ($level !== 'info' && function_exists('AddMessage2Log')) {
                AddMessage2Log($level . ': ' . $message . ' ' . json_encode($context, JSON_UNESCAPED_UNICODE), Settings::MODULE);
            }
        };
    }

    /** @return array<int, array<string, mixed>> of this module, by id */
    private static function cashboxes(): array
    {
        $found = [];
        if (class_exists(Manager::class)) {
            foreach (Manager::getListFromCache() as $row) {
                if (ltrim((string) ($row['HANDLER'] ?? ''), '\\') === CashboxFiscalgate::class) {
                    $found[(int) $row['ID']] = $row;
                }
            }
        }
        return $found;
    }
}
