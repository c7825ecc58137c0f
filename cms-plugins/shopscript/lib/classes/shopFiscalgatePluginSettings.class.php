<?php

use Fiscalgate\Sdk\Account;
use Fiscalgate\Sdk\PaymentMethod;
use Fiscalgate\Sdk\PaymentSubject;
use Fiscalgate\Sdk\TaxSystem;
use Fiscalgate\Sdk\Vat;

/**
 * What the owner of the shop has chosen.
 */
class shopFiscalgatePluginSettings
{
    /** @var array */
    private $values;
    /** @var string */
    private $callback_url;
    /** @var string */
    private $site_url;

    /**
     * @param array  $values
     * @param string $callback_url
     * @param string $site_url
     */
    public function __construct(array $values, $callback_url, $site_url)
    {
        $this->values = $values;
        $this->callback_url = $callback_url;
        $this->site_url = $site_url;
    }

    /** Whether the owner has entered anything yet. */
    public function isEmpty()
    {
        return $this->text('url') === '' && $this->text('account') === '';
    }

    /** @return Account; throws where something is missing or wrong */
    public function account()
    {
        $account = new Account($this->text('url'), $this->text('account'), $this->text('token'), $this->text('code'));
        $account = $account->withFfdVersion($this->text('ffd') === '' ? '1.2' : $this->text('ffd'));
        return $this->callback_url === '' ? $account : $account->withCallback($this->callback_url);
    }

    /** @return string[] the integrity code, and the one before it */
    public function codes()
    {
        return array_values(array_filter(array($this->text('code'), $this->text('code_old')), 'strlen'));
    }

    public function taxSystem()
    {
        return $this->number('tax_system', TaxSystem::GENERAL);
    }

    /**
     * Of a rate the shop has as a percentage; null where no receipt has such a rate.
     *
     * @param string|null $percent null is no tax at all
     * @param string      $of
     * @return int|null
     */
    public function vatOf($percent, $of = 'vat_goods')
    {
        $fixed = $this->number($of, 0);
        if ($fixed !== 0) {
            return $fixed;
        }
        if ($percent === null || $percent === '') {
            return Vat::NONE;
        }
        $rate = Vat::fromPercent((string) $percent);
        return $rate === Vat::RATE_0 ? $this->number('vat_zero', Vat::NONE) : $rate;
    }

    public function subject()
    {
        return $this->number('subject', PaymentSubject::GOODS);
    }

    public function method()
    {
        return $this->number('method', PaymentMethod::FULL);
    }

    /** @param int $id of the way of paying */
    public function wantsPayment($id)
    {
        $chosen = $this->chosen('payments');
        return !$chosen || in_array((int) $id, $chosen, true);
    }

    /** @param int $id of the way of paying */
    public function isCash($id)
    {
        return in_array((int) $id, $this->chosen('cash_payments'), true);
    }

    /** @param string $date of the order */
    public function isSince($date)
    {
        $since = $this->text('since');
        return !preg_match('/^\d{4}-\d\d-\d\d$/D', $since) || strcmp(substr((string) $date, 0, 10), $since) >= 0;
    }

    /** Where the receipt goes if the buyer has left no address. */
    public function email()
    {
        return $this->text('email');
    }

    /** The address that stands in the receipt; "" if there is to be none. */
    public function site()
    {
        $host = (string) parse_url($this->site_url, PHP_URL_HOST);
        $is_name = preg_match('/\.[^\s.\d][^\s.]+$/Du', $host) === 1; // a number is no place for the tax office
        return $this->number('internet', 1) === 1 && $is_name ? $this->site_url : '';
    }

    public function prefix()
    {
        return $this->text('prefix');
    }

    private function text($name)
    {
        $value = isset($this->values[$name]) ? $this->values[$name] : '';
        return is_scalar($value) ? trim((string) $value) : '';
    }

    private function number($name, $default)
    {
        return array_key_exists($name, $this->values) ? (int) $this->text($name) : $default;
    }

    /** @return int[] a group of boxes is stored as id -> id, of those that are ticked */
    private function chosen($name)
    {
        $values = isset($this->values[$name]) && is_array($this->values[$name]) ? $this->values[$name] : array();
        return array_values(array_filter(array_map('intval', array_filter($values, 'is_scalar'))));
    }
}
