<?php

declare(strict_types=1);

namespace Fiscalgate\Plugin\System\Fiscalgate;

use Fiscalgate\Sdk\Account;
use Fiscalgate\Sdk\PaymentMethod;
use Fiscalgate\Sdk\PaymentSubject;
use Fiscalgate\Sdk\TaxSystem;
use Fiscalgate\Sdk\Vat;
use Joomla\Registry\Registry;

/**
 * What the owner of the shop has chosen.
 */
final class Settings
{
    private Registry $params;
    private string $siteUrl;

    public function __construct(Registry $params, string $siteUrl)
    {
        $this->params = $params;
        $this->siteUrl = rtrim($siteUrl, '/') . '/';
    }

    /** Whether the owner has entered anything yet. */
    public function isEmpty(): bool
    {
        return $this->text('url') === '' && $this->text('account') === '';
    }

    /** @throws \Fiscalgate\Sdk\Exception\ValidationException where something is missing or wrong */
    public function account(): Account
    {
        $account = new Account($this->text('url'), $this->text('account'), $this->text('token'), $this->text('code'));
        return $account->withFfdVersion($this->text('ffd', '1.2'))->withCallback($this->callbackUrl());
    }

    public function callbackUrl(): string
    {
        return $this->siteUrl . 'index.php?option=com_ajax&group=system&plugin=fiscalgate&format=raw';
    }

    /** @return string[] the integrity code, and the one before it */
    public function codes(): array
    {
        return array_values(array_filter([$this->text('code'), $this->text('code_old')], 'strlen'));
    }

    public function taxSystem(): int
    {
        return (int) $this->params->get('tax_system', TaxSystem::GENERAL);
    }

    /** Of a rate the shop has as a percentage; null where no receipt has such a rate. */
    public function vatOf(string $percent, string $of = 'vat_goods'): ?int
    {
        $fixed = (int) $this->params->get($of, 0);
        if ($fixed !== 0) {
            return $fixed;
        }
        $rate = Vat::fromPercent($percent);
        return $rate === Vat::RATE_0 ? (int) $this->params->get('vat_zero', Vat::NONE) : $rate;
    }

    public function subject(): int
    {
        return (int) $this->params->get('subject', PaymentSubject::GOODS);
    }

    public function method(): int
    {
        return (int) $this->params->get('method', PaymentMethod::FULL);
    }

    public function isPaid(int $status): bool
    {
        return in_array($status, $this->numbers('paid_statuses', [6]), true);
    }

    public function isRefunded(int $status): bool
    {
        return in_array($status, $this->numbers('refund_statuses', [4]), true);
    }

    public function wantsPayment(int $method): bool
    {
        $chosen = $this->numbers('payments', []);
        return $chosen === [] || in_array($method, $chosen, true);
    }

    public function isCash(int $method): bool
    {
        return in_array($method, $this->numbers('cash_payments', []), true);
    }

    /** @param string $date of the order: "2026-11-21 13:15:00" */
    public function isSince(string $date): bool
    {
        $since = substr($this->text('since'), 0, 10);
        return $since === '' || $since === '0000-00-00' || strcmp(substr($date, 0, 10), $since) >= 0;
    }

    /** Where the receipt goes if the buyer has left no address. */
    public function email(): string
    {
        return $this->text('email');
    }

    /** The address that stands in the receipt; "" if there is to be none. */
    public function site(): string
    {
        $host = (string) parse_url($this->siteUrl, PHP_URL_HOST);
        $isName = preg_match('/\.[^\s.\d][^\s.]+$/Du', $host) === 1; // a number is no place for the tax office
        return (int) $this->params->get('internet', 1) === 1 && $isName ? $this->siteUrl : '';
    }

    public function prefix(): string
    {
        return $this->text('prefix');
    }

    private function text(string $name, string $default = ''): string
    {
        return trim((string) $this->params->get($name, $default));
    }

    /**
     * @param int[] $default
     * @return int[]
     */
    private function numbers(string $name, array $default): array
    {
        return array_map('intval', array_filter((array) $this->params->get($name, $default), 'is_numeric'));
    }
}
