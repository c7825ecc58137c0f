<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\Exception;

/**
 * A value that cannot stand in a receipt. Nothing was sent.
 */
class ValidationException extends \InvalidArgumentException implements FiscalgateException
{
    private string $field;

    public function __construct(string $field, string $message)
    {
        parent::__construct($field === '' ? $message : $field . ': ' . $message);
        $this->field = $field;
    }

    /** Which value it is: `item.price`, `customer.email`, ... */
    public function getField(): string
    {
        return $this->field;
    }

    public function isRetryable(): bool
    {
        return false;
    }
}
