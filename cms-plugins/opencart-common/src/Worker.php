<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\OpenCart;

use Fiscalgate\Sdk\Client;
use Fiscalgate\Sdk\Exception\ApiException;
use Fiscalgate\Sdk\Exception\FiscalgateException;
use Fiscalgate\Sdk\RetryPolicy;
use Fiscalgate\Sdk\State;

/**
 * Brings to the gateway what is due, and asks after what it has. As many of them may run at once as there are: each row is
 * leased, and the gateway knows a number that it has.
 */
final class Worker
{
    private const LIMIT = 50;
    /** Seconds until it is looked again whether the sale is printed. */
    private const FOR_SALE = 60;

    private Operations $operations;
    private Results $results;
    private Client $client;
    /** @var callable */
    private $clock;
    private RetryPolicy $policy;
    private bool $isAway = false;

    /** @param callable $clock seconds since 1970 */
    public function __construct(Operations $operations, Results $results, Client $client, callable $clock)
    {
        $this->operations = $operations;
        $this->results = $results;
        $this->client = $client;
        $this->clock = $clock;
        $this->policy = new RetryPolicy();
    }

    /**
     * Ends with the work, after so many seconds, or when the gateway does not answer.
     *
     * @return int how many it has looked after
     */
    public function run(int $seconds, ?int $order = null): int
    {
        $end = ($this->clock)() + $seconds;
        $count = 0;
        $this->isAway = false;
        foreach ($this->operations->due(self::LIMIT, $order) as $candidate) {
            if ($this->isAway || ($this->clock)() >= $end) {
                break;
            }
            $operation = $this->operations->lease($candidate);
            if ($operation === null) {
                continue;
            }
            try {
                $operation->task() === '' ? $this->post($operation) : $this->ask($operation);
                ++$count;
            } finally {
                $this->operations->release($operation);
            }
        }
        return $count;
    }

    private function post(Operation $operation): void
    {
        $submission = $operation->submission();
        if ($submission === null) {
            $this->operations->block($operation, 'receipt', '');
            return;
        }
        if ($operation->name() !== Operation::SALE && !$this->isSold($operation->order())) {
            $this->operations->postpone($operation, self::FOR_SALE, 'sale', '', 0);
            return;
        }
        $this->operations->markSent($operation, true);
        try {
            $accepted = $this->client->create($submission);
        } catch (FiscalgateException $e) {
            $this->fail($operation, $e);
            return;
        }
        $outcome = $accepted->getOutcome();
        $state = $outcome === null ? $accepted->getState() : State::QUEUED;
        $this->operations->accept($operation, $accepted->getId(), $accepted->getReceiptUrl(), $state, Results::pollAfter(0));
        if ($outcome !== null) {
            $this->results->take($outcome);
        }
    }

    private function ask(Operation $operation): void
    {
        try {
            $this->results->takeStatus($operation, $this->client->status($operation->task()));
        } catch (FiscalgateException $e) {
            $this->isAway = RetryPolicy::reason($e) === RetryPolicy::LATER;
            $pause = Results::pollAfter($operation->tries() + 1);
            $text = self::textOf($e);
            $this->operations->postpone($operation, $pause, 'asking', $text, $operation->tries() + 1);
        }
    }

    private function fail(Operation $operation, FiscalgateException $e): void
    {
        $reason = RetryPolicy::reason($e);
        $tries = $operation->tries() + 1;
        $pause = $this->policy->pause($tries, $e, mt_rand() / mt_getrandmax());
        if ($pause !== null) {
            $this->isAway = true;
            $this->operations->postpone($operation, $pause, $reason, self::textOf($e), $tries);
            return;
        }
        if ($reason !== RetryPolicy::LATER && !$operation->mayBeThere()) {
            $this->operations->markSent($operation, false); // the only answer there ever was is no
        }
        $this->operations->block($operation, $reason, self::textOf($e));
    }

    private static function textOf(FiscalgateException $e): string
    {
        return $e instanceof ApiException ? $e->explain() : $e->getMessage();
    }

    private function isSold(int $order): bool
    {
        $sale = $this->operations->find($order, Operation::SALE);
        return $sale !== null && $sale->isDone();
    }
}
