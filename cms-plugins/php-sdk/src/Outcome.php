<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

/**
 * How an operation ended, in the words of callbacks, events and repeated posts. Sums in it are the gateway's and are not
 * what was paid: a shop goes by its own order.
 */
final class Outcome
{
    private const RECEIPT = 'kktReceiptFiscalization';

    private string $id;
    private OrderNumber $number;
    private string $state;
    private int $seq;
    private string $error;
    private string $errorCode;
    private string $errorClass;
    private string $advice;
    private bool $isPaidWithoutReceipt;
    private ?FiscalMark $mark = null;

    /** @param array<array-key, mixed> $data */
    private function __construct(array $data)
    {
        $map = new Map($data);
        $this->id = $map->text('id');
        $this->number = OrderNumber::parse($map->text('order_id'));
        $this->state = $map->text('state');
        $this->seq = $map->int('seq');
        $this->error = $map->text('error');
        $this->errorCode = $map->text('error_code');
        $this->errorClass = $map->text('error_class');
        $this->advice = $map->text('advice');
        $this->isPaidWithoutReceipt = $map->isTrue('paid_without_receipt');
        for ($i = 0; isset($data[$i]) && is_array($data[$i]); ++$i) {
            if (($data[$i]['type'] ?? '') === self::RECEIPT && ($data[$i]['state'] ?? '') === State::DONE) {
                $this->mark = FiscalMark::from($data[$i]) ?? $this->mark;
            }
        }
    }

    /**
     * @param mixed $data
     * @return self|null null if it is no outcome
     */
    public static function from($data): ?self
    {
        if (!is_array($data) || !is_string($data['order_id'] ?? null) || !is_string($data['state'] ?? null)) {
            return null;
        }
        try {
            return new self($data);
        } catch (Exception\ValidationException $e) {
            return null; // no order number that we could have given
        }
    }

    /** The gateway's id of the task; the permission to read its status. */
    public function getId(): string
    {
        return $this->id;
    }

    public function getNumber(): OrderNumber
    {
        return $this->number;
    }

    /** One of State. */
    public function getState(): string
    {
        return $this->state;
    }

    public function isDone(): bool
    {
        return $this->state === State::DONE;
    }

    /** Grows with every outcome of the shop: of two, the one with the higher number is newer. */
    public function getSeq(): int
    {
        return $this->seq;
    }

    /** Why not, in plain words. */
    public function getError(): string
    {
        return $this->error;
    }

    public function getErrorCode(): string
    {
        return $this->errorCode;
    }

    /** `retry_later`, `fix_receipt`, `call_operator`, or "". */
    public function getErrorClass(): string
    {
        return $this->errorClass;
    }

    /** What to do about it. */
    public function getAdvice(): string
    {
        return $this->advice;
    }

    /** A card was charged at the terminal, and the receipt failed. */
    public function isPaidWithoutReceipt(): bool
    {
        return $this->isPaidWithoutReceipt;
    }

    public function getMark(): ?FiscalMark
    {
        return $this->mark;
    }
}
