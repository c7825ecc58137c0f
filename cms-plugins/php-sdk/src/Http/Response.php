<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\Http;

/**
 * What came back, whatever its status.
 */
final class Response
{
    /** More than this no answer has; a transport gives up there. */
    public const MAX_BYTES = 4194304;

    private int $status;
    private string $body;
    /** @var array<string, string> */
    private array $headers;

    /** @param array<string, string> $headers */
    public function __construct(int $status, string $body, array $headers = [])
    {
        $this->status = $status;
        $this->body = $body;
        $this->headers = array_change_key_case($headers, CASE_LOWER);
    }

    public function getStatus(): int
    {
        return $this->status;
    }

    public function getBody(): string
    {
        return $this->body;
    }

    public function getHeader(string $name): string
    {
        return $this->headers[strtolower($name)] ?? '';
    }
}
