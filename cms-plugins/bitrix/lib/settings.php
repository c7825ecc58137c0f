<?php

declare(strict_types=1);

namespace Fiscalgate\Cashbox;

use Fiscalgate\Sdk\Account;
use Fiscalgate\Sdk\Vat;

/**
 * What the owner entered: of the module, or of one cash register of the core. Plain values; the secrets in it are not
 * shown by var_dump.
 */
final class Settings
{
    public const MODULE = 'fiscalgate.cashbox';
    /** Who makes receipts: the core through its cash registers, this module by itself, nobody. */
    public const TRACK_CASHBOX = 'cashbox';
    public const TRACK_EVENTS = 'events';

    public const DEFAULTS = [
        'TRACK' => self::TRACK_CASHBOX, 'URL' => '', 'ACCOUNT' => '', 'TOKEN' => '', 'CODE' => '', 'FFD' => '1.2',
        'TAX_SYSTEM' => '1', 'SITE' => '', 'CASHIER' => '', 'PREFIX' => '', 'NO_VAT' => '6', 'DELIVERY_VAT' => '6',
        'PAY_SYSTEMS' => '', 'SINCE' => '', 'PREPAYMENT' => 'N', 'SETTLE_STATUSES' => '', 'KEEP_DATA' => 'Y',
    ];

    /** @var array<string, string> */
    private array $values;
    /** @var array<string, int> VAT rates (tag 1199) by the ids of the catalog */
    private array $rates;

    /**
     * @param array<string, mixed> $values by the names of DEFAULTS
     * @param array<string, mixed> $rates
     */
    public function __construct(array $values, array $rates = [])
    {
        $this->values = array_map(static function ($value): string {
            return is_scalar($value) ? trim((string) $value) : '';
        }, $values + self::DEFAULTS);
        $this->rates = array_map('intval', array_filter($rates, 'is_scalar'));
    }

    /**
     * Of a cash register of the core; what is empty there is the module's.
     *
     * @param mixed $settings SETTINGS of the cash register
     */
    public function forCashbox($settings): self
    {
        $settings = is_array($settings) ? $settings : [];
        $own = [];
        foreach (['AUTH', 'FISCAL'] as $section) {
            $own += is_array($settings[$section] ?? null) ? array_filter($settings[$section], static function ($value): bool {
                return is_scalar($value) && trim((string) $value) !== '';
            }) : [];
        }
        return new self($own + $this->values, is_array($settings['VAT'] ?? null) ? $settings['VAT'] : []);
    }

    public function get(string $name): string
    {
        return $this->values[$name] ?? '';
    }

    public function isTrack(string $track): bool
    {
        return $this->get('TRACK') === $track;
    }

    public function account(): Account
    {
        $account = (new Account($this->get('URL'), $this->get('ACCOUNT'), $this->get('TOKEN'), $this->get('CODE')))
            ->withFfdVersion($this->get('FFD'));
        return $this->callbackUrl() === '' ? $account : $account->withCallback($this->callbackUrl());
    }

    /** Where results are posted to; "" where the site's address is not known: then the agent asks. */
    public function callbackUrl(): string
    {
        $site = rtrim($this->get('SITE'), '/');
        return preg_match('~^https?://[^\s/@#?]+$~D', $site) === 1 ? $site . '/bitrix/tools/fiscalgate_callback.php' : '';
    }

    public function taxSystem(): int
    {
        return (int) $this->get('TAX_SYSTEM');
    }

    /**
     * The rate for an id of the catalog's list; null: the owner has said nothing of it.
     *
     * @param string $id "NOT_VAT" where goods have none, "ADVANCE" for advances
     */
    public function rateOf(string $id): ?int
    {
        $rate = $this->rates[$id] ?? null;
        return in_array($rate, Vat::ALL, true) ? $rate : null;
    }

    /** @return string[] of a list "1, 2" */
    public function listOf(string $name): array
    {
        return array_values(array_filter((array) preg_split('/[\s,;]+/', $this->get($name)), 'strlen'));
    }

    /** @return array<string, string> */
    public function __debugInfo(): array
    {
        return ['TOKEN' => '***', 'CODE' => '***'] + $this->values;
    }
}
