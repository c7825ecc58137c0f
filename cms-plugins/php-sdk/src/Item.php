<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

use Fiscalgate\Sdk\Exception\ValidationException;

/**
 * One line of a receipt. Its sum is always price x quantity, rounded as a register rounds; ReceiptBuilder makes lines
 * for which that is also what was paid. Immutable: every `with` gives a copy.
 */
final class Item
{
    public const MAX_NAME = 128;
    /** Tag 2003 of a whole piece. */
    private const SOLD = 1;
    private const RETURNED = 3;

    private string $name;
    private int $price;
    private int $quantity;
    private int $vat;
    private int $method = PaymentMethod::FULL;
    private int $subject = PaymentSubject::GOODS;
    private int $unit = Unit::PIECE;
    private string $attribute = '';
    private string $markingCode = '';
    private string $country = '';
    private string $customsDeclaration = '';
    private ?int $excise = null;
    private ?Agent $agent = null;
    /** @var array<string, mixed> */
    private array $tags = [];

    /**
     * @param string $name tag 1030, at most 128 characters
     * @param int $price tag 1079: kopecks a unit, discounts and tax included
     * @param int $quantity tag 1023: millionths of the unit; Quantity::pieces(3), Quantity::parse('1.5')
     * @param int $vat tag 1199: one of Vat
     */
    public function __construct(string $name, int $price, int $quantity, int $vat)
    {
        $this->name = Text::required($name, self::MAX_NAME, 'item.name');
        $this->price = Money::check($price, 'item.price');
        $this->quantity = Quantity::check($quantity, 'item.quantity');
        $this->vat = self::oneOf($vat, Vat::ALL, 'item.vat');
        Money::multiply($price, $quantity);
    }

    /** The same of a name as shops have it: cut to what fits, and never empty. */
    public static function of(string $name, int $price, int $quantity, int $vat): self
    {
        $fitted = Text::fit($name, self::MAX_NAME, 'item.name');
        return new self($fitted === '' ? 'Товар' : $fitted, $price, $quantity, $vat);
    }

    /** Tag 1214: one of PaymentMethod. */
    public function withMethod(int $method): self
    {
        $copy = clone $this;
        $copy->method = self::oneOf($method, PaymentMethod::ALL, 'item.method');
        return $copy;
    }

    /** Tag 1212: one of PaymentSubject. */
    public function withSubject(int $subject): self
    {
        $copy = clone $this;
        $copy->subject = self::oneOf($subject, PaymentSubject::ALL, 'item.subject');
        return $copy;
    }

    /** Tag 2108: one of Unit. */
    public function withUnit(int $unit): self
    {
        $copy = clone $this;
        $copy->unit = self::oneOf($unit, Unit::ALL, 'item.unit');
        return $copy;
    }

    public function withVat(int $vat): self
    {
        $copy = clone $this;
        $copy->vat = self::oneOf($vat, Vat::ALL, 'item.vat');
        return $copy;
    }

    /** The same goods at another price or in another quantity. */
    public function withPrice(int $price, int $quantity): self
    {
        $copy = clone $this;
        $copy->price = Money::check($price, 'item.price');
        $copy->quantity = Quantity::check($quantity, 'item.quantity');
        Money::multiply($price, $quantity);
        return $copy;
    }

    /** Tag 1191. */
    public function withAttribute(string $attribute): self
    {
        $copy = clone $this;
        $copy->attribute = Text::optional($attribute, 64, 'item.attribute');
        return $copy;
    }

    /**
     * Tag 2000: the code as the scanner gives it, group separators (0x1D) and all. One code is one piece; the subject
     * is MARKED or MARKED_EXCISABLE.
     */
    public function withMarkingCode(string $code): self
    {
        if ($code === '' || strlen($code) > 256 || preg_match('/^[\x20-\x7E\x1D]+$/D', $code) !== 1) {
            throw new ValidationException('item.markingCode', 'is not a marking code');
        }
        $copy = clone $this;
        $copy->markingCode = $code;
        return $copy;
    }

    /**
     * Tags 1230 and 1231.
     *
     * @param string $country three digits by OKSM
     */
    public function withOrigin(string $country, string $customsDeclaration = ''): self
    {
        if (preg_match('/^\d{3}$/D', $country) !== 1) {
            throw new ValidationException('item.country', 'is not three digits');
        }
        $copy = clone $this;
        $copy->country = $country;
        $copy->customsDeclaration = Text::optional($customsDeclaration, 32, 'item.customsDeclaration');
        return $copy;
    }

    /** Tag 1229: kopecks of excise in the sum. */
    public function withExcise(int $kopecks): self
    {
        $copy = clone $this;
        $copy->excise = Money::check($kopecks, 'item.excise');
        return $copy;
    }

    public function withAgent(?Agent $agent): self
    {
        $copy = clone $this;
        $copy->agent = $agent;
        return $copy;
    }

    /**
     * Any other tag of an item, by the name the gateway knows it under: `withTag('industryAttribute_1260', [...])`.
     *
     * @param mixed $value texts, whole numbers, lists and maps of them
     */
    public function withTag(string $key, $value): self
    {
        if (preg_match('/_\d{4}$/D', $key) !== 1) {
            throw new ValidationException('item.' . $key, 'does not end in the number of a tag');
        }
        Json::encode($value);
        $copy = clone $this;
        $copy->tags[$key] = $value;
        return $copy;
    }

    public function getName(): string
    {
        return $this->name;
    }

    /** Kopecks a unit. */
    public function getPrice(): int
    {
        return $this->price;
    }

    /** Millionths of the unit. */
    public function getQuantity(): int
    {
        return $this->quantity;
    }

    /** Kopecks: price x quantity. */
    public function getSum(): int
    {
        return Money::multiply($this->price, $this->quantity);
    }

    public function getVat(): int
    {
        return $this->vat;
    }

    public function getMethod(): int
    {
        return $this->method;
    }

    public function getSubject(): int
    {
        return $this->subject;
    }

    public function getMarkingCode(): string
    {
        return $this->markingCode;
    }

    /** @return array<string, mixed> */
    public function toData(string $ffdVersion, int $receiptType): array
    {
        $this->checkMarking($ffdVersion);
        $data = [
            'productName_1030' => $this->name,
            'price_1079' => Decimal::money($this->price),
            'qty_1023' => Decimal::quantity($this->quantity),
            'amount_1043' => Decimal::money($this->getSum()),
        ];
        if ($ffdVersion === FfdVersion::V1_2) {
            $data['unit_2108'] = $this->unit;
        }
        $data['paymentFormCode_1214'] = $this->method;
        $data['productTypeCode_1212'] = $this->subject;
        $data['tax_1199'] = $this->vat;
        $texts = ['additionalAttribut_1191' => $this->attribute, 'markingCode_2000' => $this->markingCode,
            'countryCode_1230' => $this->country, 'customsDeclaration_1231' => $this->customsDeclaration];
        $data += array_filter($texts, 'strlen');
        if ($this->excise !== null) {
            $data['excise_1229'] = Decimal::money($this->excise);
        }
        $data += $this->agent === null ? [] : $this->agent->toData();
        return $data + $this->tags + $this->marking($receiptType);
    }

    /** @return array<string, int> how the register is to treat the code, unless withTag has said otherwise */
    private function marking(int $receiptType): array
    {
        if ($this->markingCode === '') {
            return [];
        }
        return ['processingMode_2102' => 0,
            'plannedStatus_2003' => ReceiptType::isReturn($receiptType) ? self::RETURNED : self::SOLD];
    }

    private function checkMarking(string $ffdVersion): void
    {
        if ($ffdVersion !== FfdVersion::V1_2 && $this->subject >= PaymentSubject::MARKED_EXCISABLE_WITHOUT_CODE) {
            throw new ValidationException('item.subject', 'of marked goods needs a register of FFD 1.2');
        }
        $hasCode = $this->markingCode !== '';
        if (PaymentSubject::hasMarkingCode($this->subject) !== $hasCode) {
            $text = $hasCode ? 'does not fit the subject' : 'is missing';
            throw new ValidationException('item.markingCode', $text);
        }
        if (!$hasCode) {
            return;
        }
        $isPart = $this->unit !== Unit::PIECE || isset($this->tags['fraction_1291']);
        if (!$isPart && $this->quantity !== Quantity::ONE) {
            throw new ValidationException('item.markingCode', 'stands for one piece');
        }
        if ($isPart && !isset($this->tags['plannedStatus_2003'])) {
            throw new ValidationException('item.plannedStatus_2003', 'is needed for a part of marked goods');
        }
    }

    /** @param int[] $values */
    private static function oneOf(int $value, array $values, string $field): int
    {
        if (!in_array($value, $values, true)) {
            throw new ValidationException($field, 'has no value ' . $value);
        }
        return $value;
    }
}
