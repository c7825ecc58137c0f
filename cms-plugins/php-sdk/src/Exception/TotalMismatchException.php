<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\Exception;

use Fiscalgate\Sdk\Money;

/**
 * The lines of a receipt do not add up to what was paid. Nothing was sent: somebody has to look at the order.
 */
final class TotalMismatchException extends ValidationException
{
    private int $lines;
    private int $total;

    public function __construct(int $lines, int $total)
    {
        parent::__construct('receipt.total', sprintf(
            'the lines make %s, the order total is %s',
            Money::format($lines),
            Money::format($total)
        ));
        $this->lines = $lines;
        $this->total = $total;
    }

    /** Kopecks that the lines make. */
    public function getLinesSum(): int
    {
        return $this->lines;
    }

    /** Kopecks of the order. */
    public function getOrderTotal(): int
    {
        return $this->total;
    }
}
