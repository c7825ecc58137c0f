<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\Exception;

/**
 * A callback that is not the gateway's, or too old. Answer 401 and change nothing.
 */
final class SignatureException extends \RuntimeException implements FiscalgateException
{
    public function isRetryable(): bool
    {
        return false;
    }
}
