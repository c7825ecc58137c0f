<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

use Fiscalgate\Sdk\Exception\ApiException;
use Fiscalgate\Sdk\Exception\FiscalgateException;

/**
 * When to post the same submission again, and who has to do something where that does not help.
 *
 *     reason       what it is                                            what helps
 *     later        no connection, no time, the gateway is full or down   the same, later
 *     settings     wrong code, token or address                          the owner mends the settings, then retries
 *     receipt      the receipt is refused, with the faults               the order is mended, then retried
 *     conflict     this number was accepted with other content           nothing: ask for its status
 */
final class RetryPolicy
{
    public const LATER = 'later';
    public const SETTINGS = 'settings';
    public const RECEIPT = 'receipt';
    public const CONFLICT = 'conflict';

    /** Seconds: a minute at first, three days in all. */
    public const PAUSES = [60, 120, 300, 600, 1800, 3600, 7200, 14400, 28800, 43200, 43200, 57600, 57600];

    /** @var int[] */
    private array $pauses;

    /** @param int[] $pauses */
    public function __construct(array $pauses = self::PAUSES)
    {
        $this->pauses = array_values($pauses);
    }

    public static function reason(\Throwable $error): string
    {
        if (!$error instanceof FiscalgateException || $error->isRetryable()) {
            return self::LATER;
        }
        if (!$error instanceof ApiException) {
            return self::RECEIPT;
        }
        if ($error->getStatus() === 409) {
            return self::CONFLICT;
        }
        return in_array($error->getStatus(), [413, 422], true) ? self::RECEIPT : self::SETTINGS;
    }

    public function isRetryable(\Throwable $error): bool
    {
        return self::reason($error) === self::LATER;
    }

    /**
     * @param int $tries how many there were, 1 and up
     * @param float $random 0 to 1: shops that failed together do not come back together
     * @return int|null seconds to the next try; null: no more by itself, somebody must look
     */
    public function pause(int $tries, \Throwable $error, float $random = 0.5): ?int
    {
        if (!$this->isRetryable($error) || !isset($this->pauses[$tries - 1])) {
            return null;
        }
        $pause = (int) ($this->pauses[$tries - 1] * (0.8 + 0.4 * max(0.0, min(1.0, $random))));
        $asked = $error instanceof ApiException ? (int) $error->getRetryAfter() : 0;
        return max($pause, min($asked, 3600));
    }
}
