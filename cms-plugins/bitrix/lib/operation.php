<?php

declare(strict_types=1);

namespace Fiscalgate\Cashbox;

use Fiscalgate\Sdk\FiscalMark;
use Fiscalgate\Sdk\Outcome;
use Fiscalgate\Sdk\State;
use Fiscalgate\Sdk\Status;
use Fiscalgate\Sdk\Submission;

/**
 * One receipt of one order or check, from the moment it is wanted: a row of the module's own table.
 */
final class Operation
{
    public const CHECK = 'check';
    public const SALE = 'sale';
    public const SETTLE = 'settle';
    public const REFUND = 'refund';

    /** Not accepted by the gateway yet. */
    public const FRESH = 'new';
    /** The gateway would not take it; surely not printed. */
    public const REFUSED = 'refused';
    /** The gateway has another receipt under this number: somebody must look. */
    public const CONFLICT = 'conflict';

    public int $id = 0;
    public string $number;
    public string $kind;
    public int $orderId;
    public int $cashboxId;
    /** @var array<string, mixed> what is posted, fixed once; empty where no receipt could be made */
    public array $submission = [];
    public string $state = self::FRESH;
    public string $taskId = '';
    public string $receiptUrl = '';
    /** @var array<string, mixed> */
    public array $mark = [];
    public string $error = '';
    public string $advice = '';
    public int $tries = 0;
    /** When to act next; 0: nothing is to be done by itself. */
    public int $dueAt = 0;
    public int $seq = 0;
    public string $webhookId = '';
    public int $createdAt = 0;

    public function __construct(string $number, string $kind, int $orderId, int $cashboxId = 0)
    {
        $this->number = $number;
        $this->kind = $kind;
        $this->orderId = $orderId;
        $this->cashboxId = $cashboxId;
    }

    public static function of(Submission $submission, string $kind, int $orderId, int $cashboxId = 0): self
    {
        $operation = new self((string) $submission->getNumber(), $kind, $orderId, $cashboxId);
        $operation->submission = $submission->toArray();
        return $operation;
    }

    public function isPrinted(): bool
    {
        return $this->state === State::DONE;
    }

    /** Only then may another receipt be made for the same. */
    public function isSurelyNotPrinted(): bool
    {
        return $this->state === self::REFUSED || State::isSurelyNotPrinted($this->state);
    }

    public function isOver(): bool
    {
        return $this->isPrinted() || $this->isSurelyNotPrinted();
    }

    public function refuse(string $error): self
    {
        $this->state = self::REFUSED;
        $this->error = $error;
        $this->dueAt = 0;
        return $this;
    }

    public function takeStatus(Status $status): void
    {
        $this->take($status->getState(), $status->getError(), $status->getAdvice(), $status->getMark());
        $this->seq = max($this->seq, $status->getSeq());
        $this->receiptUrl = $status->getReceiptUrl() !== '' ? $status->getReceiptUrl() : $this->receiptUrl;
    }

    public function takeOutcome(Outcome $outcome): void
    {
        $this->taskId = $outcome->getId() !== '' ? $outcome->getId() : $this->taskId;
        $this->take($outcome->getState(), $outcome->getError(), $outcome->getAdvice(), $outcome->getMark());
        $this->seq = max($this->seq, $outcome->getSeq());
    }

    private function take(string $state, string $error, string $advice, ?FiscalMark $mark): void
    {
        $this->state = $state;
        $this->error = $error;
        $this->advice = $advice;
        $this->mark = $mark === null ? $this->mark : $mark->toArray();
        $this->dueAt = $this->isOver() ? 0 : $this->dueAt;
    }
}
