<?php

declare(strict_types=1);

namespace Fiscalgate\Cashbox;

use Fiscalgate\Sdk\CallbackAnswer;
use Fiscalgate\Sdk\CallbackReceiver;
use Fiscalgate\Sdk\Outcome;

/**
 * The page that the gateway posts results to.
 */
final class CallbackPage
{
    private Services $services;

    public function __construct(Services $services)
    {
        $this->services = $services;
    }

    /**
     * @param array<string, mixed> $server $_SERVER
     * @param callable|null $clock for tests
     */
    public function receive(array $server, string $body, ?callable $clock = null): CallbackAnswer
    {
        $operations = $this->services->operations();
        $receiver = new CallbackReceiver($this->services->codes(), new OperationSeen($operations), Services::logger(), $clock);
        return $receiver->receive($server, $body, static function (Outcome $outcome) use ($operations): bool {
            $operation = $operations->find((string) $outcome->getNumber());
            if ($operation === null) {
                return false;
            }
            $operation->takeOutcome($outcome);
            $operations->save($operation);
            if ($operation->kind === Operation::CHECK && $operation->isOver()) {
                CashboxFiscalgate::applyOperation($operation);
            }
            return true;
        });
    }
}
