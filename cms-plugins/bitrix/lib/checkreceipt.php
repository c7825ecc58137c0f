<?php

declare(strict_types=1);

namespace Fiscalgate\Cashbox;

use Fiscalgate\Sdk\Agent;
use Fiscalgate\Sdk\AgentType;
use Fiscalgate\Sdk\Customer;
use Fiscalgate\Sdk\Exception\ValidationException;
use Fiscalgate\Sdk\Item;
use Fiscalgate\Sdk\Money;
use Fiscalgate\Sdk\PaymentMethod;
use Fiscalgate\Sdk\Payments;
use Fiscalgate\Sdk\PaymentSubject;
use Fiscalgate\Sdk\Quantity;
use Fiscalgate\Sdk\Receipt;
use Fiscalgate\Sdk\ReceiptBuilder;
use Fiscalgate\Sdk\ReceiptType;
use Fiscalgate\Sdk\Unit;

/**
 * A receipt of what the core has collected for a check (Check::getDataForCheck). The core has seen to discounts and to
 * the two receipts of a prepayment; here are the values of the fiscal document.
 */
final class CheckReceipt
{
    private const METHODS = [
        'sell' => PaymentMethod::FULL, 'advance' => PaymentMethod::ADVANCE, 'prepayment' => PaymentMethod::PREPAYMENT,
        'fullprepayment' => PaymentMethod::FULL_PREPAYMENT, 'creditpayment' => PaymentMethod::CREDIT_PAYMENT,
        'credit' => PaymentMethod::CREDIT,
    ];
    private const SUBJECTS = [
        'commodity' => 1, 'excise' => 2, 'job' => 3, 'service' => 4, 'gambling_bet' => 5, 'gambling_prize' => 6,
        'lottery' => 7, 'lottery_prize' => 8, 'intellectual_activity' => 9, 'payment' => 10, 'agent_commission' => 11,
        'composite' => 12, 'another' => 13, 'property_right' => 14, 'non-operating_gain' => 15, 'sales_tax' => 17,
        'resort_fee' => 18, 'deposit' => 19, 'expense' => 20, 'pension_insurance_ip' => 21, 'pension_insurance' => 22,
        'medical_insurance_ip' => 23, 'medical_insurance' => 24, 'social_insurance' => 25, 'casino_payment' => 26,
        'commodity_marking_no_marking_excise' => 30, 'commodity_marking_excise' => 31,
        'commodity_marking_no_marking' => 32, 'commodity_marking' => 33,
    ];
    /** Codes of OKEI. */
    private const UNITS = [
        '' => Unit::PIECE, '796' => Unit::PIECE, '163' => Unit::GRAM, '166' => Unit::KILOGRAM, '168' => Unit::TONNE,
        '4' => Unit::CENTIMETRE, '5' => Unit::DECIMETRE, '6' => Unit::METRE, '51' => Unit::SQUARE_CENTIMETRE,
        '53' => Unit::SQUARE_DECIMETRE, '55' => Unit::SQUARE_METRE, '111' => Unit::MILLILITRE, '112' => Unit::LITRE,
        '113' => Unit::CUBIC_METRE, '245' => Unit::KILOWATT_HOUR, '233' => Unit::GIGACALORIE, '359' => Unit::DAY,
        '356' => Unit::HOUR, '355' => Unit::MINUTE, '354' => Unit::SECOND, '256' => Unit::KILOBYTE,
        '257' => Unit::MEGABYTE, '2553' => Unit::GIGABYTE, '2554' => Unit::TERABYTE,
    ];

    private Settings $settings;
    private int $method;
    private bool $isReturn;

    private function __construct(Settings $settings, string $type)
    {
        // "advancepayment", "prepaymentreturncash": the kind, and whether money goes back.
        preg_match('/^(sell|advance|prepayment|fullprepayment|creditpayment|credit)(payment)?(return(?:cash)?)?$/D', $type, $parts);
        if ($parts === [] || (($parts[2] ?? '') !== '' && $parts[1] !== 'advance')) {
            throw new ValidationException('check.type', 'is not printed: ' . $type);
        }
        $this->settings = $settings;
        $this->method = self::METHODS[$parts[1]];
        $this->isReturn = ($parts[3] ?? '') !== '';
    }

    /** @param array<string, mixed> $data of Check::getDataForCheck */
    public static function make(array $data, string $type, Settings $settings): Receipt
    {
        return (new self($settings, $type))->receipt($data);
    }

    /** @param array<string, mixed> $data */
    private function receipt(array $data): Receipt
    {
        $payments = $this->payments((array) ($data['payments'] ?? []));
        $type = $this->isReturn ? ReceiptType::SALE_RETURN : ReceiptType::SALE;
        $builder = (new ReceiptBuilder($type, $this->settings->taxSystem(), $payments->total()))
            ->withMethod($this->method)
            ->paidBy($payments);
        foreach ((array) ($data['items'] ?? []) as $item) {
            $this->addItem($builder, (array) $item);
        }
        $customer = Customer::emailOrPhone((string) ($data['client_email'] ?? ''), (string) ($data['client_phone'] ?? ''));
        return OrderReceipt::sign($builder->build($customer), $this->settings);
    }

    /** @param array<int|string, mixed> $payments */
    private function payments(array $payments): Payments
    {
        $sums = ['cash' => 0, 'cashless' => 0, 'advance' => 0, 'credit' => 0];
        foreach ($payments as $payment) {
            $type = (string) ($payment['type'] ?? '');
            if (!isset($sums[$type])) {
                throw new ValidationException('check.payments', 'has no kind ' . $type);
            }
            $sums[$type] += Money::parse($payment['sum'] ?? 0, 'check.payments');
        }
        return new Payments($sums['cash'], $sums['cashless'], $sums['advance'], $sums['credit']);
    }

    /** @param array<string, mixed> $data */
    private function addItem(ReceiptBuilder $builder, array $data): void
    {
        $code = (string) ($data['marking_code'] ?? '');
        $item = Item::of(
            (string) ($data['name'] ?? ''),
            Money::parse($data['price'] ?? 0, 'item.price'),
            Quantity::parse($data['quantity'] ?? 0),
            $this->vat($data)
        );
        $unit = ltrim((string) ($data['measure_code'] ?? ''), '0');
        $item = $item->withUnit(self::UNITS[$unit] ?? Unit::OTHER)->withSubject($this->subject($data, $code));
        $supplier = $data['supplier_info'] ?? null;
        if (is_array($supplier) && trim((string) ($supplier['inn'] ?? '')) !== '') {
            $phones = array_values(array_map('strval', (array) ($supplier['phones'] ?? [])));
            $item = $item->withAgent(Agent::ofSupplier(
                AgentType::AGENT,
                (string) ($supplier['name'] ?? ''),
                (string) $supplier['inn'],
                $phones
            ));
        }
        $hasCode = PaymentSubject::hasMarkingCode($item->getSubject());
        $builder->addItem($item, Money::parse($data['sum'] ?? 0, 'item.sum'), $hasCode ? [$code] : []);
    }

    /** @param array<string, mixed> $data */
    private function subject(array $data, string $code): int
    {
        $name = (string) ($data['payment_object'] ?? '');
        if ($name === '') {
            return $this->method === PaymentMethod::ADVANCE ? PaymentSubject::PAYMENT : PaymentSubject::GOODS;
        }
        if (!isset(self::SUBJECTS[$name])) {
            throw new ValidationException('item.subject', 'has no value ' . $name);
        }
        $subject = self::SUBJECTS[$name];
        return PaymentSubject::hasMarkingCode($subject) && $code === '' ? $subject - 1 : $subject;
    }

    /** @param array<string, mixed> $data */
    private function vat(array $data): int
    {
        $id = (string) (int) ($data['vat'] ?? 0);
        $rate = null;
        if ($id === '0') {
            $isAdvance = $this->method === PaymentMethod::ADVANCE;
            $rate = ($isAdvance ? $this->settings->rateOf('ADVANCE') : null) ?? $this->settings->rateOf('NOT_VAT');
        }
        $rate = $rate ?? $this->settings->rateOf($id);
        if ($rate === null) {
            throw new ValidationException('item.vat', 'the settings of the cash register have no rate for the id ' . $id);
        }
        return $rate;
    }
}
