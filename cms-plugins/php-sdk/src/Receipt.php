<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

use Fiscalgate\Sdk\Exception\TotalMismatchException;
use Fiscalgate\Sdk\Exception\ValidationException;

/**
 * A whole receipt. Immutable: every `with` gives a copy. What an order of a shop is made of is put together by
 * ReceiptBuilder.
 */
final class Receipt
{
    public const MAX_ITEMS = 250;

    private int $type;
    private int $taxSystem;
    /** @var Item[] */
    private array $items;
    private Payments $payments;
    private Customer $customer;
    private ?Correction $correction = null;
    private string $cashierName = '';
    private string $cashierInn = '';
    private string $site = '';
    private string $address = '';
    private string $senderEmail = '';
    private string $attribute = '';
    private bool $isElectronic = true;
    /** @var array<string, mixed> */
    private array $tags = [];

    /**
     * @param int $type one of ReceiptType
     * @param int $taxSystem one of TaxSystem
     * @param Item[] $items
     */
    public function __construct(int $type, int $taxSystem, array $items, Payments $payments, Customer $customer)
    {
        if (!in_array($type, ReceiptType::ALL, true)) {
            throw new ValidationException('receipt.type', 'has no value ' . $type);
        }
        if (!in_array($taxSystem, TaxSystem::ALL, true)) {
            throw new ValidationException('receipt.taxSystem', 'has no value ' . $taxSystem);
        }
        if (count($items) > self::MAX_ITEMS) {
            throw new ValidationException('receipt.items', 'more than ' . self::MAX_ITEMS);
        }
        $this->type = $type;
        $this->taxSystem = $taxSystem;
        $this->items = (static function (Item ...$items): array {
            return $items;
        })(...array_values($items));
        $this->payments = $payments;
        $this->customer = $customer;
        $this->isElectronic = $customer->getContact() !== '';
    }

    public function withCorrection(Correction $correction): self
    {
        $copy = clone $this;
        $copy->correction = $correction;
        return $copy;
    }

    /** Tags 1021 and 1203. */
    public function withCashier(string $name, string $inn = ''): self
    {
        if ($inn !== '' && strlen(Contact::requireInn($inn, 'receipt.cashierInn')) !== 12) {
            throw new ValidationException('receipt.cashierInn', 'is not the INN of a person');
        }
        $copy = clone $this;
        $copy->cashierName = Text::required($name, 64, 'receipt.cashierName');
        $copy->cashierInn = $inn;
        return $copy;
    }

    /**
     * Tags 1125 and 1187: a settlement on the internet, at the address of this site. Such a receipt needs the buyer's
     * contact.
     */
    public function withSite(string $url): self
    {
        if (preg_match('~^(?:https?://)?[^\s/?#:,@]+\.[^\s/?#:,@.]{2,}(?:[:/?#][^\s,@]*)?$~Di', $url) !== 1) {
            throw new ValidationException('receipt.site', 'is not the address of a site');
        }
        $copy = clone $this;
        $copy->site = Text::required($url, 256, 'receipt.site');
        return $copy;
    }

    /** Tag 1009. */
    public function withAddress(string $address): self
    {
        $copy = clone $this;
        $copy->address = Text::optional($address, 256, 'receipt.address');
        return $copy;
    }

    /** Tag 1117: from whom the buyer gets the receipt. */
    public function withSenderEmail(string $email): self
    {
        if (!Contact::isEmail($email)) {
            throw new ValidationException('receipt.senderEmail', 'is not an e-mail address');
        }
        $copy = clone $this;
        $copy->senderEmail = $email;
        return $copy;
    }

    /** Tag 1192. */
    public function withAttribute(string $attribute): self
    {
        $copy = clone $this;
        $copy->attribute = Text::optional($attribute, 16, 'receipt.attribute');
        return $copy;
    }

    /** With paper; by default a receipt with a contact has none. */
    public function onPaper(): self
    {
        $copy = clone $this;
        $copy->isElectronic = false;
        return $copy;
    }

    /**
     * Any other tag of a receipt, by the name the gateway knows it under.
     *
     * @param mixed $value texts, whole numbers, lists and maps of them
     */
    public function withTag(string $key, $value): self
    {
        if (preg_match('/_\d{4}$/D', $key) !== 1) {
            throw new ValidationException('receipt.' . $key, 'does not end in the number of a tag');
        }
        Json::encode($value);
        $copy = clone $this;
        $copy->tags[$key] = $value;
        return $copy;
    }

    /** @return Item[] */
    public function getItems(): array
    {
        return $this->items;
    }

    public function getPayments(): Payments
    {
        return $this->payments;
    }

    public function getCustomer(): Customer
    {
        return $this->customer;
    }

    public function getType(): int
    {
        return $this->type;
    }

    /** Kopecks of all items. */
    public function total(): int
    {
        return array_sum(array_map(static function (Item $item): int {
            return $item->getSum();
        }, $this->items));
    }

    /**
     * As the BIT dialect writes a receipt.
     *
     * @return array<string, mixed>
     */
    public function toData(string $ffdVersion = FfdVersion::V1_2): array
    {
        $this->check($ffdVersion);
        $data = ['purchases' => array_map(function (Item $item) use ($ffdVersion): array {
            return $item->toData($ffdVersion, $this->type);
        }, $this->items)];
        if ($this->items === []) {
            $data = ['total_1020' => Decimal::money($this->payments->total())];
        }
        $data += array_filter(['cashierName_1021' => $this->cashierName, 'cashierInn_1203' => $this->cashierInn,
            'address_1009' => $this->address, 'senderEmail_1117' => $this->senderEmail,
            'additionalAttribute_1192' => $this->attribute], 'strlen');
        if ($this->site !== '') {
            $data += ['internetPayment_1125' => 1, 'place_1187' => $this->site];
        }
        $data['payments'] = $this->payments->toData();
        $data['taxationType_1055'] = $this->taxSystem;
        $data['receiptType_1054'] = $this->type;
        $data += $this->customer->toData($ffdVersion);
        $data['electronically'] = $this->isElectronic;
        return $data + ($this->correction === null ? [] : $this->correction->toData()) + $this->tags;
    }

    private function check(string $ffdVersion): void
    {
        if (!in_array($ffdVersion, FfdVersion::ALL, true)) {
            throw new ValidationException('ffdVersion', 'is not known');
        }
        $hasNoItems = $this->correction !== null && $ffdVersion === FfdVersion::V1_05;
        if (($this->items === []) !== $hasNoItems) {
            $text = $hasNoItems ? 'a correction of FFD 1.05 has none' : 'there are none';
            throw new ValidationException('receipt.items', $text);
        }
        if (($this->isElectronic || $this->site !== '') && $this->customer->getContact() === '') {
            throw new ValidationException('customer', 'an electronic or internet receipt needs a contact');
        }
        $this->checkPayments();
    }

    private function checkPayments(): void
    {
        $total = $this->items === [] ? $this->payments->total() : $this->total();
        if ($total <= 0 || $total > Money::MAX) {
            throw new ValidationException('receipt.total', 'is ' . Money::format($total));
        }
        // Change is given of cash only.
        if ($this->payments->total() < $total || $this->payments->nonCash() > $total) {
            throw new TotalMismatchException($total, $this->payments->total());
        }
    }
}
