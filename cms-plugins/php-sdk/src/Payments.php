<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

/**
 * How a receipt was paid, in kopecks by kind.
 */
final class Payments
{
    private int $cash;
    private int $electronic;
    private int $prepayment;
    private int $credit;
    private int $barter;

    /**
     * @param int $cash tag 1031
     * @param int $electronic tag 1081: cards and everything else that is not cash
     * @param int $prepayment tag 1215: paid earlier, by an advance or a gift card
     * @param int $credit tag 1216: to be paid later
     * @param int $barter tag 1217: paid in kind
     */
    public function __construct(
        int $cash = 0,
        int $electronic = 0,
        int $prepayment = 0,
        int $credit = 0,
        int $barter = 0
    ) {
        $this->cash = Money::check($cash, 'payments.cash');
        $this->electronic = Money::check($electronic, 'payments.electronic');
        $this->prepayment = Money::check($prepayment, 'payments.prepayment');
        $this->credit = Money::check($credit, 'payments.credit');
        $this->barter = Money::check($barter, 'payments.barter');
    }

    public static function cash(int $kopecks): self
    {
        return new self($kopecks);
    }

    public static function electronic(int $kopecks): self
    {
        return new self(0, $kopecks);
    }

    public static function prepayment(int $kopecks): self
    {
        return new self(0, 0, $kopecks);
    }

    public static function credit(int $kopecks): self
    {
        return new self(0, 0, 0, $kopecks);
    }

    public function total(): int
    {
        return $this->cash + $this->nonCash();
    }

    public function nonCash(): int
    {
        return $this->electronic + $this->prepayment + $this->credit + $this->barter;
    }

    /** @return array<string, Decimal> */
    public function toData(): array
    {
        $sums = ['cash_1031' => $this->cash, 'ecash_1081' => $this->electronic,
            'prepayment_1215' => $this->prepayment, 'credit_1216' => $this->credit, 'barter_1217' => $this->barter];
        return array_map([Decimal::class, 'money'], array_filter($sums));
    }
}
