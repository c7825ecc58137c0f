<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

/**
 * What the gateway knows of an operation now.
 */
final class Status
{
    private Map $map;

    /** @param array<array-key, mixed> $data */
    public function __construct(array $data)
    {
        $this->map = new Map($data);
    }

    public function getId(): string
    {
        return $this->map->text('id');
    }

    public function getOrderNumber(): string
    {
        return $this->map->text('order_id');
    }

    /** One of State. */
    public function getState(): string
    {
        return $this->map->text('state');
    }

    public function isDone(): bool
    {
        return $this->getState() === State::DONE;
    }

    public function isFinal(): bool
    {
        return State::isFinal($this->getState());
    }

    /** Of the last outcome; 0 while there is none. */
    public function getSeq(): int
    {
        return $this->map->int('seq');
    }

    /** Why it still waits. */
    public function getWaitReason(): string
    {
        return $this->map->text('wait_reason');
    }

    public function getError(): string
    {
        return $this->map->text('error');
    }

    public function getErrorCode(): string
    {
        return $this->map->text('error_code');
    }

    public function getErrorClass(): string
    {
        return $this->map->text('error_class');
    }

    public function getAdvice(): string
    {
        return $this->map->text('advice');
    }

    public function getReceiptUrl(): string
    {
        return $this->map->text('receipt_url');
    }

    /** The mark of the receipt, once it is printed. */
    public function getMark(): ?FiscalMark
    {
        foreach ($this->map->list('commands') as $command) {
            $mark = FiscalMark::from(is_array($command) ? $command['mark'] ?? null : null);
            if ($mark !== null) {
                return $mark;
            }
        }
        return null;
    }

    /** The text of the QR code, as the gateway made it; "" before it is printed. */
    public function getQr(): string
    {
        foreach ($this->map->list('commands') as $command) {
            if (is_array($command) && is_string($command['qr'] ?? null)) {
                return $command['qr'];
            }
        }
        return '';
    }
}
