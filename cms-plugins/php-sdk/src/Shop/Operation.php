<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\Shop;

use Fiscalgate\Sdk\Exception\ValidationException;
use Fiscalgate\Sdk\FiscalMark;
use Fiscalgate\Sdk\Json;
use Fiscalgate\Sdk\OrderNumber;
use Fiscalgate\Sdk\RetryPolicy;
use Fiscalgate\Sdk\State;
use Fiscalgate\Sdk\Submission;

/**
 * One operation of an order: the sale, or a refund; as a row of the plugin's table. Immutable.
 *
 *     due > 0, id empty   the receipt waits to be handed over at that time
 *     due > 0, id there   the gateway has it, and is asked at that time what became of it
 *     due = 0             it is over, or somebody must look: see `reason` and `error`
 */
final class Operation
{
    /** Columns with what they are at first; numbers are numbers. */
    public const COLUMNS = ['op_key' => '', 'order_id' => '', 'number' => '', 'kind' => '', 'total' => 0, 'post' => '',
        'state' => '', 'due' => 0, 'tries' => 0, 'gateway_id' => '', 'page' => '', 'reason' => '', 'error' => '',
        'mark' => '', 'seq' => 0, 'webhook_id' => '', 'created' => 0, 'version' => 0];
    public const SALE = 'sale';
    public const REFUND = 'refund';
    /** Beside the reasons of RetryPolicy: the gateway took it, and says how it ended. */
    public const OUTCOME = 'outcome';

    /** @var array<string, string|int> */
    private array $row;

    /** @param array<string, string|int> $row */
    private function __construct(array $row)
    {
        $this->row = $row;
    }

    public static function of(OrderNumber $number, string $order, int $total, int $now): self
    {
        $kind = $number->isRefund() ? self::REFUND : self::SALE;
        return new self(['op_key' => (string) $number, 'order_id' => $order, 'number' => (string) $number, 'kind' => $kind,
            'total' => $total, 'created' => $now] + self::COLUMNS);
    }

    /** The key of an operation, whichever try of it the number names. */
    public static function keyOf(OrderNumber $number): string
    {
        $text = (string) $number;
        return $number->getTry() === 1 ? $text : substr($text, 0, -strlen('-try-' . $number->getTry()));
    }

    /** @param array<string, mixed> $row as a database gives it */
    public static function fromRow(array $row): self
    {
        $clean = [];
        foreach (self::COLUMNS as $name => $default) {
            $value = $row[$name] ?? $default;
            $clean[$name] = is_int($default) ? (int) $value : (string) $value;
        }
        return new self($clean);
    }

    /** @return array<string, string|int> */
    public function toRow(): array
    {
        return $this->row;
    }

    /** @param array<string, string|int> $changes */
    public function with(array $changes): self
    {
        return self::fromRow(array_merge($this->row, $changes));
    }

    public function withSubmission(Submission $submission): self
    {
        return $this->with(['number' => (string) $submission->getNumber(), 'post' => Json::encode($submission->toArray()),
            'total' => (new SoldReceipt($submission))->total()]);
    }

    public function getKey(): string
    {
        return (string) $this->row['op_key'];
    }

    public function getOrder(): string
    {
        return (string) $this->row['order_id'];
    }

    /** What the gateway knows it by now. */
    public function getNumber(): OrderNumber
    {
        return OrderNumber::parse((string) $this->row['number']);
    }

    public function isRefund(): bool
    {
        return $this->row['kind'] === self::REFUND;
    }

    /** Kopecks. */
    public function getTotal(): int
    {
        return (int) $this->row['total'];
    }

    /** What is posted; null where the receipt could not be made. */
    public function getSubmission(): ?Submission
    {
        $stored = Json::decode((string) $this->row['post']);
        return $stored === null ? null : Submission::fromArray($stored);
    }

    /** One of State; "" before the gateway has it. */
    public function getState(): string
    {
        return (string) $this->row['state'];
    }

    public function isDone(): bool
    {
        return $this->getState() === State::DONE;
    }

    public function getDue(): int
    {
        return (int) $this->row['due'];
    }

    public function getTries(): int
    {
        return (int) $this->row['tries'];
    }

    /** The gateway's id; the permission to read its status. */
    public function getGatewayId(): string
    {
        return (string) $this->row['gateway_id'];
    }

    /** The receipt's page for the buyer. */
    public function getPage(): string
    {
        return (string) $this->row['page'];
    }

    /** Of RetryPolicy, or OUTCOME; "" if nothing is wrong. */
    public function getReason(): string
    {
        return (string) $this->row['reason'];
    }

    /** Why not, in plain words. */
    public function getError(): string
    {
        return (string) $this->row['error'];
    }

    public function getMark(): ?FiscalMark
    {
        return FiscalMark::from(Json::decode((string) $this->row['mark']));
    }

    public function getSeq(): int
    {
        return (int) $this->row['seq'];
    }

    public function getWebhookId(): string
    {
        return (string) $this->row['webhook_id'];
    }

    public function getCreated(): int
    {
        return (int) $this->row['created'];
    }

    public function getVersion(): int
    {
        return (int) $this->row['version'];
    }

    /** Nothing happens by itself any more, and there is no receipt. */
    public function needsSomebody(): bool
    {
        return $this->getDue() === 0 && !$this->isDone();
    }

    /** Whether a button may start it again; what a lost number stands for, nobody here can know. */
    public function canRetry(): bool
    {
        return State::isSurelyNotPrinted($this->getState())
            || ($this->getState() === '' && $this->getReason() !== RetryPolicy::CONFLICT);
    }

    /** @throws ValidationException if a button may not */
    public function checkRetry(): void
    {
        if (!$this->canRetry()) {
            throw new ValidationException('operation', 'may be printed, or still will be');
        }
    }
}
