<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\OpenCart;

use Fiscalgate\Sdk\Account;
use Fiscalgate\Sdk\Customer;
use Fiscalgate\Sdk\Exception\ValidationException;
use Fiscalgate\Sdk\Item;
use Fiscalgate\Sdk\OrderNumber;
use Fiscalgate\Sdk\PaymentMethod;
use Fiscalgate\Sdk\Payments;
use Fiscalgate\Sdk\PaymentSubject;
use Fiscalgate\Sdk\Quantity;
use Fiscalgate\Sdk\Receipt;
use Fiscalgate\Sdk\ReceiptType;
use Fiscalgate\Sdk\TaxSystem;
use Fiscalgate\Sdk\Vat;

/**
 * What the owner has set. Read leniently, so that a page can show what is wrong; `faults` names it, and nothing is sent
 * while there is any.
 */
final class Settings
{
    public const NO = '';
    public const ELECTRONIC = 'electronic';
    public const CASH = 'cash';
    private const TEXTS = ['url' => '', 'account' => '', 'token' => '', 'code' => '', 'callback' => '', 'site' => '',
        'prefix' => '', 'since' => '', 'cronToken' => ''];
    private const NUMBERS = ['taxation' => 0, 'vat' => 0, 'vatDelivery' => 0, 'vatFees' => 0,
        'subject' => PaymentSubject::GOODS, 'subjectVirtual' => PaymentSubject::SERVICE,
        'subjectDelivery' => PaymentSubject::SERVICE, 'method' => PaymentMethod::FULL];
    private const FLAGS = ['enabled' => false, 'certificatesPay' => true, 'deleteData' => false];
    private const LISTS = ['sale' => [], 'settle' => [], 'refund' => []];
    /** Never shown again once they are saved. */
    private const SECRETS = ['token', 'code'];

    /** @var array<string, mixed> */
    private array $values;

    /** @param array<string, mixed> $stored */
    public function __construct(array $stored)
    {
        $values = [];
        foreach (self::TEXTS as $key => $default) {
            $values[$key] = is_scalar($stored[$key] ?? null) ? trim((string) $stored[$key]) : $default;
        }
        foreach (self::NUMBERS as $key => $default) {
            $values[$key] = is_numeric($stored[$key] ?? null) ? (int) $stored[$key] : $default;
        }
        foreach (self::FLAGS as $key => $default) {
            $values[$key] = (bool) ($stored[$key] ?? $default);
        }
        foreach (self::LISTS as $key => $default) {
            $values[$key] = is_array($stored[$key] ?? null) ? array_values(array_map('intval', $stored[$key])) : $default;
        }
        $values['vatClasses'] = [];
        foreach (is_array($stored['vatClasses'] ?? null) ? $stored['vatClasses'] : [] as $class => $vat) {
            if (in_array((int) $vat, Vat::ALL, true)) {
                $values['vatClasses'][(int) $class] = (int) $vat;
            }
        }
        $values['payments'] = [];
        foreach (is_array($stored['payments'] ?? null) ? $stored['payments'] : [] as $code => $kind) {
            if (in_array($kind, [self::ELECTRONIC, self::CASH], true)) {
                $values['payments'][(string) $code] = $kind;
            }
        }
        $this->values = $values;
    }

    /**
     * What a page has posted: a secret that was left empty stays as it was.
     *
     * @param array<string, mixed> $posted
     * @param array<string, string> $fixed what no page can set
     */
    public function changedBy(array $posted, array $fixed): self
    {
        foreach (array_keys(self::FLAGS) as $flag) {
            $posted[$flag] = ($posted[$flag] ?? '') === '1';
        }
        foreach (self::SECRETS as $secret) {
            if (trim((string) ($posted[$secret] ?? '')) === '') {
                $posted[$secret] = $this->values[$secret];
            }
        }
        return new self($fixed + ['cronToken' => $this->values['cronToken']] + $posted);
    }

    /** @return array<string, mixed> for the shop's storage */
    public function toArray(): array
    {
        return $this->values;
    }

    /** @return array<string, mixed> for a page: of secrets, only their ends */
    public function forPage(): array
    {
        $values = $this->values;
        foreach (self::SECRETS as $secret) {
            $text = $values[$secret];
            $values[$secret] = strlen($text) < 12 ? str_repeat('•', $text === '' ? 0 : 8) : '••••••••' . substr($text, -4);
        }
        return $values;
    }

    public function text(string $key): string
    {
        return $this->values[$key];
    }

    public function number(string $key): int
    {
        return $this->values[$key];
    }

    public function is(string $flag): bool
    {
        return $this->values[$flag];
    }

    /** @return int[] */
    public function list(string $key): array
    {
        return $this->values[$key];
    }

    /** ELECTRONIC, CASH, or NO: then nothing is fiscalised. */
    public function paymentKind(string $code): string
    {
        return $this->values['payments'][$code] ?? self::NO;
    }

    /** Of a class of taxes; of none and of one that is not set, the rate of all the rest. */
    public function vatOf(?int $class): int
    {
        return $this->values['vatClasses'][$class ?? 0] ?? $this->values['vat'];
    }

    public function isPrepaid(): bool
    {
        return PaymentMethod::isPrepayment($this->values['method']);
    }

    /** @throws ValidationException where an account cannot be made of it */
    public function account(): Account
    {
        $account = new Account($this->text('url'), $this->text('account'), $this->text('token'), $this->text('code'));
        return $this->text('callback') === '' ? $account : $account->withCallback($this->text('callback'));
    }

    /** @param int|string $order */
    public function numberOf(string $operation, $order): OrderNumber
    {
        $number = $this->text('prefix') . $order;
        if ($operation === Operation::SETTLE) {
            return OrderNumber::settle($number);
        }
        return $operation === Operation::SALE ? OrderNumber::sale($number)
            : OrderNumber::refund($number, substr($operation, strlen(Operation::REFUND)));
    }

    /** @return array<string, string> field => what is wrong: a key of the language files, or a text of the SDK */
    public function faults(): array
    {
        $faults = [];
        try {
            $this->account();
        } catch (ValidationException $e) {
            $field = str_replace(['account.', 'kktToken', 'id', 'callbackUrl'], ['', 'token', 'account', 'callback'], $e->getField());
            $faults[$field] = 'error_' . $field;
        }
        $sets = ['taxation' => TaxSystem::ALL, 'vat' => Vat::ALL, 'vatDelivery' => Vat::ALL, 'vatFees' => Vat::ALL,
            'subject' => PaymentSubject::ALL, 'subjectVirtual' => PaymentSubject::ALL,
            'subjectDelivery' => PaymentSubject::ALL, 'method' => [PaymentMethod::FULL_PREPAYMENT, PaymentMethod::FULL]];
        foreach ($sets as $key => $known) {
            if (!in_array($this->values[$key], $known, true)) {
                $faults[$key] = 'error_choose';
            }
        }
        if (preg_match('/^(?:[A-Za-z0-9][A-Za-z0-9._-]{0,19})?$/D', $this->text('prefix')) !== 1) {
            $faults['prefix'] = 'error_prefix';
        }
        if (preg_match('/^(?:\d{4}-\d\d-\d\d)?$/D', $this->text('since')) !== 1) {
            $faults['since'] = 'error_since';
        }
        if ($this->text('site') !== '' && !self::isSite($this->text('site'))) {
            $faults['site'] = 'error_site';
        }
        if ($this->values['sale'] === []) {
            $faults['sale'] = 'error_statuses';
        } elseif (array_intersect($this->values['sale'], $this->values['refund']) !== []) {
            $faults['refund'] = 'error_overlap';
        }
        if ($this->values['payments'] === []) {
            $faults['payments'] = 'error_payments';
        }
        return $faults;
    }

    private static function isSite(string $site): bool
    {
        try {
            $item = new Item('1', 1, Quantity::ONE, Vat::NONE);
            $customer = Customer::withoutContact();
            (new Receipt(ReceiptType::SALE, TaxSystem::GENERAL, [$item], Payments::electronic(1), $customer))->withSite($site);
            return true;
        } catch (ValidationException $e) {
            return false;
        }
    }
}
