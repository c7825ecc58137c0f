<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

use Fiscalgate\Sdk\Exception\SignatureException;
use Fiscalgate\Sdk\Exception\ValidationException;

/**
 * Takes a callback from the signature to the answer:
 *
 *     401  not the gateway's, or too old             nothing changed
 *     400  genuine, and not to be understood         nothing changed
 *     404  the shop knows no such operation          nothing changed
 *     200  applied, or known already                 the gateway is content
 *     500  the shop could not apply it               the gateway comes again
 */
final class CallbackReceiver
{
    /** What the gateway may be set to wait for. */
    private const CONTENT = 'SUCCESSFUL';

    private SeenStore $seen;
    private Log $log;
    /** @var string[] */
    private array $codes;
    /** @var callable */
    private $clock;

    /**
     * @param string[] $codes the integrity code; while it is being changed, the old one too
     * @param callable|null $logger see Log
     * @param callable|null $clock seconds since 1970, for tests
     */
    public function __construct(array $codes, SeenStore $seen, ?callable $logger = null, ?callable $clock = null)
    {
        $this->codes = array_values(array_filter($codes, 'strlen'));
        $this->seen = $seen;
        $this->log = new Log($logger, ...$this->codes);
        $this->clock = $clock ?? 'time';
    }

    /**
     * @param array<string, mixed> $headers or $_SERVER
     * @param string $body php://input
     * @param callable $apply (Outcome): bool; stores state and mark under the operation, false if there is no such. The
     *     same outcome may come twice at once: storing it twice must do no harm
     */
    public function receive(array $headers, string $body, callable $apply): CallbackAnswer
    {
        try {
            $callback = Callback::read($headers, $body, ($this->clock)(), ...$this->codes);
        } catch (SignatureException $e) {
            return $this->refuse(401, 'signature', $e->getMessage());
        } catch (ValidationException $e) {
            return $this->refuse(400, 'malformed', $e->getMessage());
        }
        try {
            return $this->take($callback, $apply);
        } catch (\Throwable $e) {
            $this->log->write('error', 'A callback could not be applied', ['error' => $e->getMessage(),
                'order' => (string) $callback->getOutcome()->getNumber()]);
            return new CallbackAnswer(500, 'not applied', 'error');
        }
    }

    private function take(Callback $callback, callable $apply): CallbackAnswer
    {
        $outcome = $callback->getOutcome();
        $operation = (string) $outcome->getNumber();
        $isOld = $outcome->getSeq() > 0 && $outcome->getSeq() <= $this->seen->lastSeq($operation);
        if ($isOld || $this->seen->isSeen($operation, $callback->getWebhookId())) {
            return new CallbackAnswer(200, self::CONTENT, 'repeat');
        }
        if ($apply($outcome) !== true) {
            return $this->refuse(404, 'unknown_order', 'no such operation: ' . $operation);
        }
        $this->seen->remember($operation, $callback->getWebhookId(), $outcome->getSeq());
        $this->log->write('info', 'A result was taken', ['order' => $operation, 'state' => $outcome->getState()]);
        return new CallbackAnswer(200, self::CONTENT, 'applied');
    }

    private function refuse(int $status, string $reason, string $text): CallbackAnswer
    {
        $this->log->write('warning', 'A callback was refused', ['status' => $status, 'error' => $text]);
        return new CallbackAnswer($status, $reason, $reason);
    }
}
