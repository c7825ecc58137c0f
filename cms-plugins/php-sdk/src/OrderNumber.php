<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

use Fiscalgate\Sdk\Exception\ValidationException;

/**
 * The number the gateway knows an operation by: the order's, and what was done with it. It is what keeps a receipt from
 * being printed twice, so the same operation must always get the same number.
 *
 *     1237              the sale, or the prepayment
 *     1237-settle       the second receipt, when a prepaid order is handed over
 *     1237-refund-2     the second refund
 *     1237-try-2        once more, after the first try has failed for good
 */
final class OrderNumber
{
    private const SALE = '';
    private const SETTLE = 'settle';
    private const REFUND = 'refund';
    private const MAX = 128;

    private string $order;
    private string $operation;
    private string $id;
    private int $try;

    private function __construct(string $order, string $operation, string $id = '', int $try = 1)
    {
        $this->order = $order;
        $this->operation = $operation;
        $this->id = $id;
        $this->try = $try;
        if (strlen((string) $this) > self::MAX) {
            throw new ValidationException('order', 'longer than ' . self::MAX . ' bytes');
        }
    }

    /**
     * @param string|int $order the number in the shop; with a prefix where two shops use one account
     */
    public static function sale($order): self
    {
        $order = (string) $order;
        $parsed = self::parse($order);
        if ($parsed->operation !== self::SALE || $parsed->try !== 1) {
            throw new ValidationException('order', 'ends like the number of another operation: ' . $order);
        }
        return $parsed;
    }

    /** @param string|int $order */
    public static function settle($order): self
    {
        return new self(self::sale($order)->order, self::SETTLE);
    }

    /**
     * @param string|int $order
     * @param string|int $refund what the shop calls this refund of the order: letters and digits
     */
    public static function refund($order, $refund): self
    {
        if (preg_match('/^[A-Za-z0-9]{1,40}$/D', (string) $refund) !== 1) {
            throw new ValidationException('order.refund', 'is not letters and digits');
        }
        return new self(self::sale($order)->order, self::REFUND, (string) $refund);
    }

    /** Reads what a callback or an event brings. */
    public static function parse(string $text): self
    {
        if ($text === '' || trim($text) !== $text || preg_match('/^[^\x00-\x1F\x7F]+$/Du', $text) !== 1) {
            throw new ValidationException('order', 'is empty, or has spaces around or control characters inside');
        }
        preg_match('/^(.+?)(?:-(settle)|-(refund)-([A-Za-z0-9]+))?(?:-try-([2-9]|[1-9]\d{1,3}))?$/Dsu', $text, $parts);
        $operation = ($parts[2] ?? '') . ($parts[3] ?? '');
        return new self($parts[1], $operation, $parts[4] ?? '', (int) ($parts[5] ?? 1));
    }

    /**
     * The number for another receipt of the same operation. Only where the gateway said that the last try failed or was
     * cancelled: nothing else proves that it was not printed.
     */
    public function nextTry(): self
    {
        return new self($this->order, $this->operation, $this->id, $this->try + 1);
    }

    /** The order's number in the shop. */
    public function getOrder(): string
    {
        return $this->order;
    }

    /** What the shop calls the refund; "" if it is none. */
    public function getRefund(): string
    {
        return $this->id;
    }

    public function getTry(): int
    {
        return $this->try;
    }

    public function isSale(): bool
    {
        return $this->operation === self::SALE;
    }

    public function isSettlement(): bool
    {
        return $this->operation === self::SETTLE;
    }

    public function isRefund(): bool
    {
        return $this->operation === self::REFUND;
    }

    /** Whether both are tries of one operation. */
    public function isSameOperation(self $other): bool
    {
        return $this->order === $other->order && $this->operation === $other->operation && $this->id === $other->id;
    }

    public function __toString(): string
    {
        return $this->order
            . ($this->operation === self::SALE ? '' : '-' . $this->operation)
            . ($this->id === '' ? '' : '-' . $this->id)
            . ($this->try === 1 ? '' : '-try-' . $this->try);
    }
}
