<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\Exception;

/**
 * No answer that can be understood: no connection, no time left, a broken or foreign answer. The gateway may have got
 * the request all the same; the same order number makes it safe to send it again.
 */
final class TransportException extends \RuntimeException implements FiscalgateException
{
    public function isRetryable(): bool
    {
        return true;
    }
}
