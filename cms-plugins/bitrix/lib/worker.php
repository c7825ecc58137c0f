<?php

declare(strict_types=1);

namespace Fiscalgate\Cashbox;

use Fiscalgate\Sdk\Client;
use Fiscalgate\Sdk\Exception\ApiException;
use Fiscalgate\Sdk\Exception\FiscalgateException;
use Fiscalgate\Sdk\RetryPolicy;
use Fiscalgate\Sdk\Submission;

/**
 * Carries operations on: posts what the gateway has not taken yet, asks what became of what it has. What is posted is
 * always the same text under the same number, so that two workers at once do no harm.
 */
final class Worker
{
    private const DAY = 86400;
    /** Seconds between questions, by how often was asked; callbacks are quicker. */
    private const QUESTIONS = [30, 60, 120, 300, 900, 3600];

    private Operations $operations;
    /** @var callable(Operation): Client */
    private $clientOf;
    /** @var callable(Operation): void */
    private $onEnd;
    /** @var callable(): int */
    private $clock;

    /**
     * @param callable $clientOf the gateway of an operation
     * @param callable $onEnd told of what is over
     * @param callable|null $clock seconds since 1970, for tests
     */
    public function __construct(Operations $operations, callable $clientOf, callable $onEnd, ?callable $clock = null)
    {
        $this->operations = $operations;
        $this->clientOf = $clientOf;
        $this->onEnd = $onEnd;
        $this->clock = $clock ?? 'time';
    }

    /** Keeps it, to be posted in the background. False: it was there before. No network. */
    public function enqueue(Operation $operation): bool
    {
        $operation->createdAt = ($this->clock)();
        $operation->dueAt = $operation->isOver() ? 0 : $operation->createdAt;
        return $this->operations->add($operation);
    }

    /** One refused or stopped is posted again, from now on. */
    public function resume(Operation $operation): void
    {
        $operation->state = $operation->taskId === '' ? Operation::FRESH : $operation->state;
        $operation->tries = 0;
        $operation->dueAt = ($this->clock)();
        $this->operations->save($operation);
    }

    /** @return int how many were carried on */
    public function run(int $limit): int
    {
        $due = $this->operations->due(($this->clock)(), $limit);
        foreach ($due as $operation) {
            $this->advance($operation);
        }
        return count($due);
    }

    public function advance(Operation $operation): void
    {
        if ($operation->isOver() || $operation->state === Operation::CONFLICT) {
            return;
        }
        try {
            $this->step($operation, ($this->clientOf)($operation));
        } catch (FiscalgateException $e) {
            $this->fail($operation, $e);
        }
        $this->operations->save($operation);
        if ($operation->isOver()) {
            ($this->onEnd)($operation);
        }
    }

    private function step(Operation $operation, Client $client): void
    {
        if ($operation->taskId === '') {
            $accepted = $client->create(Submission::fromArray($operation->submission));
            $operation->taskId = $accepted->getId();
            $operation->receiptUrl = $accepted->getReceiptUrl();
            $operation->state = $accepted->getState();
            $operation->error = '';
            $operation->tries = 0;
            if ($accepted->getOutcome() !== null) {
                $operation->takeOutcome($accepted->getOutcome());
            }
        } else {
            $operation->takeStatus($client->status($operation->taskId));
            ++$operation->tries;
        }
        $pause = self::QUESTIONS[min($operation->tries, count(self::QUESTIONS) - 1)];
        $operation->dueAt = $operation->isOver() ? 0 : ($this->clock)() + $pause;
    }

    private function fail(Operation $operation, FiscalgateException $error): void
    {
        $text = $error instanceof ApiException ? $error->explain() : $error->getMessage();
        $reason = RetryPolicy::reason($error);
        // What was taken once may be printed: only the gateway can say that it was not.
        if ($reason === RetryPolicy::LATER || $operation->taskId !== '') {
            $operation->error = $text;
            $pause = (new RetryPolicy())->pause(++$operation->tries, $error, mt_rand() / mt_getrandmax());
            $operation->dueAt = ($this->clock)() + ($pause ?? self::DAY);
            return;
        }
        if ($reason === RetryPolicy::CONFLICT) {
            $operation->state = Operation::CONFLICT;
            $operation->error = $text;
            $operation->dueAt = 0;
            return;
        }
        $operation->refuse($text);
    }
}
