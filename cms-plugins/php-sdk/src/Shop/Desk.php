<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\Shop;

use Fiscalgate\Sdk\Accepted;
use Fiscalgate\Sdk\CallbackAnswer;
use Fiscalgate\Sdk\CallbackReceiver;
use Fiscalgate\Sdk\Client;
use Fiscalgate\Sdk\Exception\ApiException;
use Fiscalgate\Sdk\Exception\FiscalgateException;
use Fiscalgate\Sdk\Exception\ValidationException;
use Fiscalgate\Sdk\FiscalMark;
use Fiscalgate\Sdk\Json;
use Fiscalgate\Sdk\Log;
use Fiscalgate\Sdk\OrderNumber;
use Fiscalgate\Sdk\Outcome;
use Fiscalgate\Sdk\RetryPolicy;
use Fiscalgate\Sdk\State;
use Fiscalgate\Sdk\Status;
use Fiscalgate\Sdk\Submission;

/**
 * What a plugin does with the operations of its orders, whatever the CMS: `place` in the hook of a paid order, without a
 * network; `work` in a background task; `receive` for callbacks; `retry` for a button.
 */
final class Desk
{
    /** Seconds one worker has an operation for itself: longer than a request may take. */
    public const LEASE = 60;
    /** Seconds between questions what became of it; the last is for as long as it takes. */
    private const POLLS = [30, 60, 120, 300, 600, 1800, 3600];
    private const MAX_COLLISIONS = 20;

    private OperationStore $store;
    private RetryPolicy $policy;
    /** @var callable|null */
    private $logger;
    /** @var callable */
    private $clock;
    /** @var callable|null */
    private $listener;

    /**
     * @param callable|null $logger see Log
     * @param callable|null $clock seconds since 1970, for tests
     * @param callable|null $listener (Operation $before, Operation $now): after each change that came from the gateway;
     *     what it throws is logged
     */
    public function __construct(
        OperationStore $store,
        ?callable $logger = null,
        ?callable $clock = null,
        ?RetryPolicy $policy = null,
        ?callable $listener = null
    ) {
        $this->store = $store;
        $this->logger = $logger;
        $this->clock = $clock ?? 'time';
        $this->policy = $policy ?? new RetryPolicy();
        $this->listener = $listener;
    }

    /**
     * Fixes what will be posted; once: the same operation placed again stays as it was. Where the receipt cannot be made,
     * the operation is kept with the reason, to be seen and retried.
     *
     * @param int $total kopecks
     * @param callable $make (OrderNumber): Submission
     */
    public function place(OrderNumber $number, string $order, int $total, callable $make): Operation
    {
        $key = Operation::keyOf($number);
        $known = $this->store->find($key);
        if ($known !== null) {
            return $known;
        }
        $operation = $this->made(Operation::of($number, $order, $total, ($this->clock)()), $number, $make);
        return $this->store->add($operation) ? $operation : $this->store->find($key) ?? $operation;
    }

    /**
     * Hands over what is due, and asks after what was handed over.
     *
     * @param string|null $order only what is of this order
     * @return int how many were looked at
     */
    public function work(Client $client, int $limit = 10, ?string $order = null): int
    {
        $now = ($this->clock)();
        $done = 0;
        $due = $order === null ? $this->store->due($now, $limit)
            : array_slice(array_filter($this->store->ofOrder($order), static function (Operation $operation) use ($now): bool {
                return $operation->getDue() > 0 && $operation->getDue() <= $now;
            }), 0, $limit);
        foreach ($due as $operation) {
            $leased = $operation->with(['due' => $now + self::LEASE]);
            if ($this->store->replace($operation, $leased)) {
                $this->attend($leased, $client);
                ++$done;
            }
        }
        return $done;
    }

    /**
     * One operation of an order, by the process that has just answered the buyer: only while the gateway takes what it is
     * given. A shop has few processes, and none of them may wait for a gateway that hangs while buyers come.
     */
    public function workAtOnce(Client $client, string $order): int
    {
        $now = ($this->clock)();
        foreach ($this->store->due($now + array_sum(RetryPolicy::PAUSES), 100) as $operation) {
            if ($operation->getState() === '' && $operation->getDue() > $now) {
                return 0; // somebody is at it, or was in vain
            }
        }
        return $this->work($client, 1, $order);
    }

    /**
     * @param string[] $codes the integrity code, and an old one
     * @param array<string, mixed> $headers or $_SERVER
     */
    public function receive(array $codes, array $headers, string $body): CallbackAnswer
    {
        $receiver = new CallbackReceiver($codes, new SeenOperations($this->store), $this->logger, $this->clock);
        return $receiver->receive($headers, $body, function (Outcome $outcome): bool {
            return $this->apply($outcome);
        });
    }

    /**
     * Another go for what came to nothing. What the gateway refused, or never got, keeps its number; of what failed or
     * was cancelled there it is a new try.
     *
     * @param callable $make (OrderNumber): Submission, with the order and the settings as they are now
     */
    public function retry(string $key, callable $make): ?Operation
    {
        return $this->change($key, function (Operation $operation) use ($make): Operation {
            $operation->checkRetry();
            $fresh = $operation->with(['tries' => 0, 'state' => '', 'reason' => '', 'error' => '', 'gateway_id' => '',
                'page' => '', 'mark' => '', 'seq' => 0, 'webhook_id' => '']);
            if (State::isSurelyNotPrinted($operation->getState())) {
                return $this->made($fresh, $operation->getNumber()->nextTry(), $make);
            }
            $mayBeThere = $operation->getReason() !== RetryPolicy::RECEIPT;
            if ($mayBeThere && $operation->getSubmission() !== null) {
                return $fresh->with(['due' => ($this->clock)()]);
            }
            return $this->made($fresh, $operation->getNumber(), $make);
        });
    }

    public function find(string $key): ?Operation
    {
        return $this->store->find($key);
    }

    /** The sale of an order, whatever it was called when it was placed. */
    public function saleOf(string $order): ?Operation
    {
        foreach ($this->store->ofOrder($order) as $operation) {
            if (!$operation->isRefund()) {
                return $operation;
            }
        }
        return null;
    }

    /**
     * What was sold and not given back yet, line by line.
     *
     * @param string $but key of a refund that is to be made anew
     * @throws ValidationException if the sale has no receipt
     */
    public function soldOf(string $order, string $but = ''): SoldReceipt
    {
        $sale = $this->saleOf($order);
        $submission = $sale === null ? null : $sale->getSubmission();
        if ($submission === null) {
            throw new ValidationException('refund', 'of a sale that has no receipt');
        }
        $sold = new SoldReceipt($submission);
        foreach ($this->store->ofOrder($order) as $operation) {
            $refund = $operation->isRefund() && $operation->getKey() !== $but ? $operation->getSubmission() : null;
            $sold = $refund === null ? $sold : $sold->without($refund);
        }
        return $sold;
    }

    /** @return Operation[] oldest first */
    public function ofOrder(string $order): array
    {
        return $this->store->ofOrder($order);
    }

    /** Kopecks of the order that were sold and not given back yet. */
    public function remaining(string $order): int
    {
        $left = 0;
        foreach ($this->store->ofOrder($order) as $operation) {
            $left += $operation->isRefund() ? -$operation->getTotal() : $operation->getTotal();
        }
        return $left;
    }

    /** @param callable $make */
    private function made(Operation $operation, OrderNumber $number, callable $make): Operation
    {
        try {
            return $operation->withSubmission($make($number))->with(['due' => ($this->clock)()]);
        } catch (\Throwable $e) {
            $this->log('error', 'A receipt could not be made', $operation, $e);
            $reason = $e instanceof FiscalgateException ? RetryPolicy::reason($e) : RetryPolicy::RECEIPT;
            return $operation->with(['due' => 0, 'reason' => $reason, 'error' => $e->getMessage()]);
        }
    }

    private function attend(Operation $operation, Client $client): void
    {
        try {
            if ($operation->getGatewayId() !== '') {
                $this->take($operation, $client->status($operation->getGatewayId()));
            } elseif ($this->mustWait($operation)) {
                $this->change($operation->getKey(), function (Operation $now): ?Operation {
                    return $now->getState() === '' ? $now->with(['due' => ($this->clock)() + self::LEASE]) : null;
                });
            } else {
                $this->hand($operation, $client);
            }
        } catch (FiscalgateException $e) {
            $this->postpone($operation, $e);
        } catch (\Throwable $e) {
            $this->log('error', 'An operation could not be attended to', $operation, $e);
        }
    }

    /** A refund goes after the sale it takes back. */
    private function mustWait(Operation $operation): bool
    {
        if (!$operation->isRefund()) {
            return false;
        }
        $sale = $this->saleOf($operation->getOrder());
        return $sale !== null && !$sale->isDone();
    }

    private function hand(Operation $operation, Client $client): void
    {
        $submission = $operation->getSubmission();
        if ($submission === null) {
            $this->change($operation->getKey(), static function (Operation $now): Operation {
                return $now->with(['due' => 0, 'reason' => RetryPolicy::RECEIPT]);
            });
            return;
        }
        $accepted = $client->create($submission);
        $outcome = $accepted->getOutcome();
        $this->change($operation->getKey(), function (Operation $now) use ($operation, $accepted): ?Operation {
            return $this->accepted($now, $operation, $accepted);
        });
        if ($outcome !== null) {
            $this->apply($outcome);
        }
    }

    private function accepted(Operation $now, Operation $posted, Accepted $accepted): ?Operation
    {
        if ((string) $now->getNumber() !== (string) $posted->getNumber()) {
            return null;
        }
        $next = $now->with(['gateway_id' => $accepted->getId(), 'page' => $accepted->getReceiptUrl(), 'tries' => 0]);
        $isNews = $now->getSeq() === 0 && !State::isFinal($now->getState()); // a callback may have been quicker
        return $isNews ? $next->with(['state' => $accepted->getState(), 'reason' => '', 'error' => '',
            'due' => ($this->clock)() + self::POLLS[0]]) : $next;
    }

    private function take(Operation $operation, Status $status): void
    {
        $this->change($operation->getKey(), function (Operation $now) use ($operation, $status): ?Operation {
            $isOther = (string) $now->getNumber() !== (string) $operation->getNumber() || State::isFinal($now->getState());
            if ($isOther || $status->getSeq() < $now->getSeq()) {
                return null;
            }
            $text = $status->isDone() ? '' : trim($status->getError() . "\n" . $status->getAdvice());
            $next = $this->ended($now, $status->getState(), $text, $status->getMark(), $status->getSeq());
            $page = $status->getReceiptUrl() === '' ? $now->getPage() : $status->getReceiptUrl();
            return $next->with(['page' => $page, 'tries' => $now->getTries() + 1]);
        });
    }

    private function apply(Outcome $outcome): bool
    {
        $key = Operation::keyOf($outcome->getNumber());
        if ($this->store->find($key) === null) {
            return false;
        }
        $this->change($key, function (Operation $now) use ($outcome): ?Operation {
            $isOther = (string) $now->getNumber() !== (string) $outcome->getNumber(); // an earlier try: nobody waits for it
            $isOld = $outcome->getSeq() > 0 && $outcome->getSeq() <= $now->getSeq();
            if ($isOther || $isOld || $now->isDone()) {
                return null;
            }
            $text = $outcome->isDone() ? '' : trim($outcome->getError() . "\n" . $outcome->getAdvice());
            $next = $this->ended($now, $outcome->getState(), $text, $outcome->getMark(), $outcome->getSeq());
            return $next->with(['gateway_id' => $now->getGatewayId() === '' ? $outcome->getId() : $now->getGatewayId()]);
        });
        return true;
    }

    private function ended(Operation $now, string $state, string $text, ?FiscalMark $mark, int $seq): Operation
    {
        $isFinal = State::isFinal($state);
        $pause = self::POLLS[min($now->getTries(), count(self::POLLS) - 1)];
        return $now->with(['state' => $state, 'error' => $text, 'reason' => $text === '' ? '' : Operation::OUTCOME,
            'mark' => $mark === null ? '' : Json::encode($mark->toArray()), 'seq' => max($seq, $now->getSeq()),
            'due' => $isFinal ? 0 : ($this->clock)() + $pause]);
    }

    private function postpone(Operation $operation, FiscalgateException $error): void
    {
        $tries = $operation->getTries() + 1;
        $isHandedOver = $operation->getGatewayId() !== '';
        $pause = $this->policy->pause($tries, $error, mt_rand() / mt_getrandmax());
        if ($pause === null && $isHandedOver) {
            $pause = self::POLLS[count(self::POLLS) - 1]; // it is there: ask for as long as it takes
        }
        $text = $error instanceof ApiException ? $error->explain() : $error->getMessage();
        $changes = ['tries' => $tries, 'due' => $pause === null ? 0 : ($this->clock)() + $pause,
            'reason' => RetryPolicy::reason($error), 'error' => (new Log(null))->mask($text)];
        $this->change($operation->getKey(), static function (Operation $now) use ($operation, $changes): ?Operation {
            $isSame = (string) $now->getNumber() === (string) $operation->getNumber()
                && $now->getState() === $operation->getState();
            return $isSame ? $now->with($changes) : null;
        });
    }

    /** @param callable $how (Operation): ?Operation; null leaves it. Called again if somebody else was quicker. */
    private function change(string $key, callable $how): ?Operation
    {
        for ($i = 0; $i < self::MAX_COLLISIONS; ++$i) {
            $now = $this->store->find($key);
            $next = $now === null ? null : $how($now);
            if ($now === null || $next === null) {
                return $now;
            }
            if ($this->store->replace($now, $next)) {
                $this->tell($now, $next);
                return $next;
            }
        }
        throw new \RuntimeException('the operation is being changed all the time: ' . $key);
    }

    private function tell(Operation $before, Operation $now): void
    {
        try {
            if ($this->listener !== null) {
                ($this->listener)($before, $now);
            }
        } catch (\Throwable $e) {
            $this->log('warning', 'A change could not be told', $now, $e);
        }
    }

    private function log(string $level, string $message, Operation $operation, \Throwable $error): void
    {
        (new Log($this->logger))->write($level, $message, ['order' => $operation->getKey(), 'error' => $error->getMessage()]);
    }
}
