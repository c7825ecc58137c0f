<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\OpenCart;

use Fiscalgate\Sdk\FiscalMark;
use Fiscalgate\Sdk\Json;
use Fiscalgate\Sdk\State;
use Fiscalgate\Sdk\Submission;

/**
 * One receipt of an order, as the plugin's table keeps it. Immutable: the table is changed by Operations.
 */
final class Operation
{
    public const SALE = 'sale';
    public const SETTLE = 'settle';
    public const REFUND = 'refund-';
    /** Not at the gateway yet, as far as is known; it will be sent. */
    public const FRESH = 'new';
    /** Not at the gateway, and somebody must do something first. The other states are those of the gateway. */
    public const BLOCKED = 'blocked';

    /** @var array<string, string|null> */
    private array $row;

    /** @param array<string, string|null> $row */
    public function __construct(array $row)
    {
        $this->row = $row;
    }

    public function order(): int
    {
        return (int) $this->row['order_id'];
    }

    /** SALE, SETTLE, or REFUND and a number. */
    public function name(): string
    {
        return (string) $this->row['operation'];
    }

    public function isRefund(): bool
    {
        return strncmp($this->name(), self::REFUND, strlen(self::REFUND)) === 0;
    }

    /** Which refund of the order it is, from 1. */
    public function refundNumber(): int
    {
        return (int) substr($this->name(), strlen(self::REFUND));
    }

    /** What the gateway knows its last try by. */
    public function number(): string
    {
        return (string) $this->row['number'];
    }

    public function state(): string
    {
        return (string) $this->row['state'];
    }

    public function isDone(): bool
    {
        return $this->state() === State::DONE;
    }

    /** Whether the gateway has said yes, and since then only it knows. */
    public function isAccepted(): bool
    {
        return $this->task() !== '' || !in_array($this->state(), [self::FRESH, self::BLOCKED], true);
    }

    /** Whether something left that the gateway may have taken, though nobody said so. */
    public function mayBeThere(): bool
    {
        return (int) $this->row['is_sent'] === 1;
    }

    /** Kopecks; 0 where no receipt could be made. */
    public function total(): int
    {
        return (int) $this->row['total'];
    }

    /** @return array<int, int> line of the receipt it gives back of => millionths; of refunds only */
    public function lines(): array
    {
        return array_map('intval', Json::decode((string) $this->row['lines']) ?? []);
    }

    public function submission(): ?Submission
    {
        $stored = Json::decode((string) $this->row['submission']);
        return $stored === null ? null : Submission::fromArray($stored);
    }

    public function printed(): PrintedReceipt
    {
        $submission = $this->submission();
        return new PrintedReceipt($submission === null ? '' : $submission->getJson());
    }

    public function task(): string
    {
        return (string) $this->row['task'];
    }

    /** The buyer's page. */
    public function page(): string
    {
        return (string) $this->row['page'];
    }

    public function mark(): ?FiscalMark
    {
        return FiscalMark::from(Json::decode((string) $this->row['mark']));
    }

    /** RetryPolicy's reasons, or those of the gateway's errors; a key of the language files. */
    public function reason(): string
    {
        return (string) $this->row['reason'];
    }

    public function error(): string
    {
        return (string) $this->row['error'];
    }

    public function advice(): string
    {
        return (string) $this->row['advice'];
    }

    public function seq(): int
    {
        return (int) $this->row['seq'];
    }

    public function webhook(): string
    {
        return (string) $this->row['webhook'];
    }

    public function tries(): int
    {
        return (int) $this->row['tries'];
    }

    /** When it is looked after next; 0 if never by itself. */
    public function due(): int
    {
        return (int) $this->row['due'];
    }

    public function changed(): int
    {
        return (int) $this->row['changed'];
    }
}
