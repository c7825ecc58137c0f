<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\Http;

use Fiscalgate\Sdk\Exception\TransportException;

/**
 * For tests of plugins: answers what it was told, in order, and keeps what it was asked.
 */
final class FakeTransport implements TransportInterface
{
    /** @var array<int, Response|TransportException> */
    private array $answers;
    /** @var Request[] */
    private array $requests = [];

    /** @param Response|TransportException ...$answers */
    public function __construct(...$answers)
    {
        $this->answers = array_values($answers);
    }

    public function send(Request $request): Response
    {
        $this->requests[] = $request;
        $answer = array_shift($this->answers);
        if ($answer === null) {
            throw new \LogicException('one request more than there are answers: ' . $request->getUrl());
        }
        if ($answer instanceof TransportException) {
            throw $answer;
        }
        return $answer;
    }

    /** @return Request[] */
    public function getRequests(): array
    {
        return $this->requests;
    }
}
