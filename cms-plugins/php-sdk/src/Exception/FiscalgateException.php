<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\Exception;

/**
 * Everything the SDK throws, to be caught in one place.
 */
interface FiscalgateException extends \Throwable
{
    /** Whether the same request may succeed later, unchanged. */
    public function isRetryable(): bool;
}
