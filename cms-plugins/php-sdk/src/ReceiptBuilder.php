<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

use Fiscalgate\Sdk\Exception\TotalMismatchException;
use Fiscalgate\Sdk\Exception\ValidationException;

/**
 * Makes a receipt of a shop's order: what the shop charges for each line, delivery, fees, and what it takes off. The
 * receipt makes the order total to the kopeck, or there is none.
 *
 * Sums are what the buyer pays, tax included. Lines that come to nothing are dropped, no line is ever negative, and a
 * line whose sum is no price x quantity becomes two whose prices differ by a kopeck.
 */
final class ReceiptBuilder
{
    public const GOODS = 'goods';
    public const DELIVERY = 'delivery';
    public const FEES = 'fees';

    private int $type;
    private int $taxSystem;
    private int $total;
    /** @var array<int, array{kind: string, item: Item, codes: string[]}> */
    private array $lines = [];
    /** @var int[] kopecks, under the keys of the lines */
    private array $sums = [];
    /** @var array<int, array{int, string[]}> what is taken off, and from which kinds of lines */
    private array $discounts = [];
    private int $surplus = 0;
    private int $allowed = 0;
    private bool $isReduced = false;
    private ?int $method = null;
    private ?Payments $payments = null;

    /**
     * @param int $type one of ReceiptType
     * @param int $taxSystem one of TaxSystem
     * @param int $total kopecks that were paid, or paid back
     */
    public function __construct(int $type, int $taxSystem, int $total)
    {
        $this->type = $type;
        $this->taxSystem = $taxSystem;
        $this->total = Money::check($total, 'receipt.total');
    }

    public static function sale(int $taxSystem, int $total): self
    {
        return new self(ReceiptType::SALE, $taxSystem, $total);
    }

    public static function refund(int $taxSystem, int $total): self
    {
        return new self(ReceiptType::SALE_RETURN, $taxSystem, $total);
    }

    /** Whether nothing was paid: there is no receipt to be made then. */
    public function isFree(): bool
    {
        return $this->total === 0;
    }

    /**
     * @param int|null $sum kopecks of the whole line as the shop charges it, if that is not the item's price x quantity
     * @param string[] $markingCodes one for each piece; each piece becomes a line of its own
     */
    public function addItem(Item $item, ?int $sum = null, array $markingCodes = []): self
    {
        if ($markingCodes !== [] && $item->getQuantity() !== count($markingCodes) * Quantity::ONE) {
            throw new ValidationException('item.markingCode', sprintf(
                '%d codes for %s pieces',
                count($markingCodes),
                Quantity::format($item->getQuantity())
            ));
        }
        return $this->add(self::GOODS, $item, $sum ?? $item->getSum(), array_values($markingCodes));
    }

    /** A surcharge or a service of the shop: wrapping, payment by card. */
    public function addFee(string $name, int $sum, int $vat, int $subject = PaymentSubject::SERVICE): self
    {
        return $this->add(self::FEES, Item::of($name, 0, Quantity::ONE, $vat)->withSubject($subject), $sum, []);
    }

    public function addDelivery(string $name, int $sum, int $vat, int $subject = PaymentSubject::SERVICE): self
    {
        return $this->add(self::DELIVERY, Item::of($name, 0, Quantity::ONE, $vat)->withSubject($subject), $sum, []);
    }

    /**
     * A coupon, points, a discount on the order. It is dealt out over the lines in proportion to what they cost.
     *
     * @param int $sum kopecks taken off, as a positive number
     * @param string ...$kinds from which lines: GOODS, DELIVERY, FEES; goods if nothing is said
     */
    public function addDiscount(int $sum, string ...$kinds): self
    {
        $kinds = $kinds === [] ? [self::GOODS] : $kinds;
        foreach ($kinds as $kind) {
            if (!in_array($kind, [self::GOODS, self::DELIVERY, self::FEES], true)) {
                throw new ValidationException('discount.kinds', 'has no kind ' . $kind);
            }
        }
        $this->discounts[] = [Money::check($sum, 'discount'), $kinds];
        return $this;
    }

    /**
     * A line of the order's totals that may go either way: what is added becomes a fee, what is taken off a discount on
     * everything.
     */
    public function addAdjustment(string $name, int $signed, int $vat): self
    {
        return $signed < 0
            ? $this->addDiscount(-$signed, self::GOODS, self::DELIVERY, self::FEES)
            : $this->addFee($name, $signed, $vat);
    }

    /** The order was rounded by the shop: up (above zero) or down. Dealt out over all lines. */
    public function addRounding(int $signed): self
    {
        if ($signed < 0) {
            return $this->addDiscount(-$signed, self::GOODS, self::DELIVERY, self::FEES);
        }
        $this->surplus += Money::check($signed, 'rounding');
        return $this;
    }

    /** How many kopecks lines and total may differ by, because the shop rounds taxes line by line. */
    public function allowRounding(int $kopecks): self
    {
        $this->allowed = Money::check($kopecks, 'rounding');
        return $this;
    }

    /** The total is less than the lines, and nobody says of which: a refund of an amount. All lines are reduced. */
    public function reduceToTotal(): self
    {
        $this->isReduced = true;
        return $this;
    }

    /** Tag 1214 of all lines; prepayments take the calculated VAT rate. */
    public function withMethod(int $method): self
    {
        $this->method = $method;
        return $this;
    }

    /** Without it, all is paid electronically. */
    public function paidBy(Payments $payments): self
    {
        $this->payments = $payments;
        return $this;
    }

    /** @throws TotalMismatchException where the lines do not make the total */
    public function build(Customer $customer): Receipt
    {
        if ($this->isFree()) {
            throw new ValidationException('receipt.total', 'nothing was paid');
        }
        $items = [];
        foreach ($this->finalSums() as $key => $sum) {
            foreach ($this->itemsOf($this->lines[$key], $sum) as $item) {
                $items[] = $item;
            }
        }
        $payments = $this->payments ?? Payments::electronic($this->total);
        $receipt = new Receipt($this->type, $this->taxSystem, $items, $payments, $customer);
        if ($receipt->total() !== $this->total) {
            throw new TotalMismatchException($receipt->total(), $this->total);
        }
        return $receipt;
    }

    /** @param string[] $codes */
    private function add(string $kind, Item $item, int $sum, array $codes): self
    {
        $this->lines[] = ['kind' => $kind, 'item' => $item, 'codes' => $codes];
        $this->sums[] = Money::check($sum, 'line "' . $item->getName() . '"');
        if (array_sum($this->sums) > Money::MAX) {
            throw new ValidationException('receipt.total', 'beyond 99999999.99 roubles');
        }
        return $this;
    }

    /** @return int[] kopecks of each line, which make the total */
    private function finalSums(): array
    {
        $sums = $this->sums;
        foreach ($this->discounts as [$discount, $kinds]) {
            $sums = $this->reduce($sums, $discount, $kinds);
        }
        $sums = self::raise($sums, $this->surplus);
        $excess = array_sum($sums) - $this->total;
        if ($excess > 0 && ($this->isReduced || $excess <= $this->allowed)) {
            return $this->reduce($sums, $excess, [self::GOODS, self::DELIVERY, self::FEES]);
        }
        if ($excess < 0 && -$excess <= $this->allowed) {
            return self::raise($sums, -$excess);
        }
        if ($excess !== 0) {
            throw new TotalMismatchException(array_sum($sums), $this->total);
        }
        return $sums;
    }

    /**
     * @param int[] $sums
     * @param string[] $kinds
     * @return int[]
     */
    private function reduce(array $sums, int $discount, array $kinds): array
    {
        $chosen = array_filter($sums, function (int $key) use ($kinds): bool {
            return in_array($this->lines[$key]['kind'], $kinds, true);
        }, ARRAY_FILTER_USE_KEY);
        if ($discount > array_sum($chosen)) {
            throw new ValidationException('discount', sprintf(
                '%s is more than its lines make: %s',
                Money::format($discount),
                Money::format(array_sum($chosen))
            ));
        }
        foreach (Spread::proportional($discount, $chosen) as $key => $share) {
            $sums[$key] -= $share;
        }
        return $sums;
    }

    /**
     * @param int[] $sums
     * @return int[]
     */
    private static function raise(array $sums, int $surplus): array
    {
        if ($surplus > 0 && array_sum($sums) === 0) {
            throw new ValidationException('rounding', 'there is no line to be rounded');
        }
        foreach (Spread::proportional($surplus, $sums) as $key => $share) {
            $sums[$key] += $share;
        }
        return $sums;
    }

    /**
     * @param array{kind: string, item: Item, codes: string[]} $line
     * @return Item[]
     */
    private function itemsOf(array $line, int $sum): array
    {
        $item = $line['item'];
        if ($this->method !== null) {
            $item = $item->withMethod($this->method);
            $isEarly = PaymentMethod::isPrepayment($this->method);
            $item = $isEarly ? $item->withVat(Vat::ofPrepayment($item->getVat())) : $item;
        }
        $items = [];
        foreach (LineSplitter::split($sum, $item->getQuantity(), $item->getPrice()) as [$price, $quantity]) {
            $items[] = $item->withPrice($price, $quantity);
        }
        return $line['codes'] === [] ? $items : self::byPiece($items, $line['codes']);
    }

    /**
     * @param Item[] $items
     * @param string[] $codes
     * @return Item[]
     */
    private static function byPiece(array $items, array $codes): array
    {
        $pieces = [];
        foreach ($items as $item) {
            for ($left = $item->getQuantity(); $left > 0; $left -= Quantity::ONE) {
                $pieces[] = $item->withPrice($item->getPrice(), Quantity::ONE)->withMarkingCode(array_shift($codes));
            }
        }
        return $pieces;
    }
}
