<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\OpenCart;

use Fiscalgate\Sdk\FiscalMark;
use Fiscalgate\Sdk\Outcome;
use Fiscalgate\Sdk\SeenStore;
use Fiscalgate\Sdk\State;
use Fiscalgate\Sdk\Status;

/**
 * Takes what the gateway says of an operation, by whichever way it comes: a callback, an answer to a post, a status. Sums
 * in it are not looked at.
 */
final class Results implements SeenStore
{
    /** Seconds between questions for a status, by how often was asked; the last one counts from then on. */
    private const POLLS = [30, 60, 120, 300, 900, 1800, 3600];

    private Operations $operations;

    public function __construct(Operations $operations)
    {
        $this->operations = $operations;
    }

    /** @return bool false if the shop knows no such operation */
    public function take(Outcome $outcome): bool
    {
        $number = (string) $outcome->getNumber();
        $operation = $this->operations->byNumber(CashDesk::firstTry($number));
        if ($operation === null) {
            return false;
        }
        if ($operation->number() !== $number) {
            $this->takeOfEarlierTry($operation, $outcome);
            return true;
        }
        $about = self::about($outcome->getErrorClass(), $outcome->getError(), $outcome->getAdvice(), $outcome->getMark());
        $about += $outcome->getId() === '' ? [] : ['task' => $outcome->getId()];
        $this->learn($operation, $outcome->getState(), $outcome->getSeq(), $about);
        return true;
    }

    public function takeStatus(Operation $operation, Status $status): void
    {
        $about = self::about($status->getErrorClass(), $status->getError(), $status->getAdvice(), $status->getMark());
        $about += $status->getReceiptUrl() === '' ? [] : ['page' => $status->getReceiptUrl()];
        $about += ['tries' => $operation->tries() + 1];
        if ($about['error'] === '' && $status->getWaitReason() !== '') {
            $about['error'] = $status->getWaitReason();
        }
        $this->learn($operation, $status->getState(), $status->getSeq(), $about);
    }

    /** Seconds to the next question. */
    public static function pollAfter(int $asked): int
    {
        return self::POLLS[min($asked, count(self::POLLS) - 1)];
    }

    public function isSeen(string $operation, string $webhookId): bool
    {
        $known = $this->operations->byNumber(CashDesk::firstTry($operation));
        return $known !== null && $webhookId !== '' && hash_equals($known->webhook(), $webhookId);
    }

    public function lastSeq(string $operation): int
    {
        $known = $this->operations->byNumber(CashDesk::firstTry($operation));
        return $known === null || $known->number() !== $operation ? 0 : $known->seq();
    }

    public function remember(string $operation, string $webhookId, int $seq): void
    {
        $known = $this->operations->byNumber(CashDesk::firstTry($operation));
        if ($known !== null && $known->number() === $operation) {
            $this->operations->remember($known, $webhookId);
        }
    }

    /** @param array<string, string|int> $about */
    private function learn(Operation $operation, string $state, int $seq, array $about): void
    {
        $isFinal = State::isFinal($state);
        $poll = $isFinal ? 0 : self::pollAfter($operation->tries());
        $isNews = $this->operations->learn($operation, $state, $seq, $about, $poll);
        if ($isNews && $isFinal) {
            $this->operations->wake($operation->order());
        }
    }

    /** The operator of the gateway had a try printed after all, after the shop had made another of it. */
    private function takeOfEarlierTry(Operation $operation, Outcome $outcome): void
    {
        if ($outcome->isDone()) {
            $this->operations->note($operation, 'twice', (string) $outcome->getNumber());
        }
    }

    /** @return array<string, string> */
    private static function about(string $class, string $error, string $advice, ?FiscalMark $mark): array
    {
        $about = ['reason' => $class, 'error' => $error, 'advice' => $advice];
        return $mark === null ? $about : $about + ['mark' => json_encode($mark->toArray(), JSON_THROW_ON_ERROR)];
    }
}
