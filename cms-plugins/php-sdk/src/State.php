<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

/**
 * Where an operation is. A newer gateway may know more of them: what is not final is on its way.
 */
final class State
{
    public const QUEUED = 'queued';
    public const SENDING = 'sending';
    public const WAITING = 'waiting';
    public const DONE = 'done';
    public const FAILED = 'failed';
    public const UNKNOWN = 'unknown';
    public const CANCELLED = 'cancelled';

    private function __construct()
    {
    }

    /** Nothing more will happen by itself. Unknown is not final: an operator or the register will tell. */
    public static function isFinal(string $state): bool
    {
        return $state === self::DONE || self::isSurelyNotPrinted($state);
    }

    /** Only then may another receipt be made for the same operation, under OrderNumber::nextTry. */
    public static function isSurelyNotPrinted(string $state): bool
    {
        return $state === self::FAILED || $state === self::CANCELLED;
    }
}
