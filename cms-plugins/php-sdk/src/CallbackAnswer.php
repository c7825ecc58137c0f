<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

/**
 * What the shop answers to a callback.
 */
final class CallbackAnswer
{
    private int $status;
    private string $body;
    private string $reason;

    public function __construct(int $status, string $body, string $reason = '')
    {
        $this->status = $status;
        $this->body = $body;
        $this->reason = $reason;
    }

    public function getStatus(): int
    {
        return $this->status;
    }

    public function getBody(): string
    {
        return $this->body;
    }

    /** `applied`, `repeat`, `signature`, `malformed`, `unknown_order`, `error` */
    public function getReason(): string
    {
        return $this->reason;
    }

    /** For shops without a framework. */
    public function send(): void
    {
        http_response_code($this->status);
        header('Content-Type: text/plain; charset=utf-8');
        echo $this->body;
    }
}
