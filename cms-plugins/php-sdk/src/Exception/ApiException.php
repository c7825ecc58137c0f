<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\Exception;

use Fiscalgate\Sdk\Fault;

/**
 * The gateway answered, and refused.
 */
final class ApiException extends \RuntimeException implements FiscalgateException
{
    private const RETRYABLE = [408, 425, 429, 500, 502, 503, 504];

    private int $status;
    private string $errorCode;
    /** @var Fault[] */
    private array $faults;
    /** @var Fault[] */
    private array $warnings;
    private ?int $retryAfter;

    /**
     * @param Fault[] $faults
     * @param Fault[] $warnings
     */
    public function __construct(
        int $status,
        string $errorCode,
        string $message,
        array $faults = [],
        array $warnings = [],
        ?int $retryAfter = null
    ) {
        parent::__construct($message, $status);
        $this->status = $status;
        $this->errorCode = $errorCode;
        $this->faults = $faults;
        $this->warnings = $warnings;
        $this->retryAfter = $retryAfter;
    }

    /** The HTTP status. */
    public function getStatus(): int
    {
        return $this->status;
    }

    /** The gateway's stable name of the refusal: `invalid`, `conflict`, `unauthorized`, ... */
    public function getErrorCode(): string
    {
        return $this->errorCode;
    }

    /** @return Fault[] what exactly is wrong, field by field */
    public function getFaults(): array
    {
        return $this->faults;
    }

    /** @return Fault[] */
    public function getWarnings(): array
    {
        return $this->warnings;
    }

    /** Seconds the gateway asked to wait, if it did. */
    public function getRetryAfter(): ?int
    {
        return $this->retryAfter;
    }

    public function isRetryable(): bool
    {
        return in_array($this->status, self::RETRYABLE, true);
    }

    /** The message with all faults, one a line: for the person who has to mend them. */
    public function explain(): string
    {
        $lines = [$this->getMessage()];
        foreach ($this->faults as $fault) {
            $lines[] = (string) $fault;
        }
        return implode("\n", $lines);
    }
}
