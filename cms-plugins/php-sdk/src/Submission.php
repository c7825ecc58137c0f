<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

use Fiscalgate\Sdk\Exception\ValidationException;

/**
 * What is posted for one operation, fixed once. A plugin stores it before the first try and posts it again as it is: an
 * order number that comes back with other content is refused by the gateway, and one that comes back unchanged is never
 * printed twice. It holds no secret, but the buyer's contact.
 */
final class Submission
{
    private OrderNumber $number;
    private string $json;
    private string $callbackUrl;

    private function __construct(OrderNumber $number, string $json, string $callbackUrl)
    {
        $this->number = $number;
        $this->json = $json;
        $this->callbackUrl = $callbackUrl;
    }

    public static function of(OrderNumber $number, Receipt $receipt, Account $account): self
    {
        $command = ['name' => 'Чек', 'type' => 'kktReceiptFiscalization',
            'data' => $receipt->toData($account->getFfdVersion())];
        return new self($number, Json::encode([$command]), $account->getCallbackUrl());
    }

    /**
     * What was stored by toArray.
     *
     * @param array<string, mixed> $stored
     */
    public static function fromArray(array $stored): self
    {
        $map = new Map($stored);
        $json = $map->text('data');
        if (Json::decode($json) === null) {
            throw new ValidationException('submission', 'was not stored whole');
        }
        return new self(OrderNumber::parse($map->text('order')), $json, $map->text('callback'));
    }

    /** @return array{order: string, data: string, callback: string} */
    public function toArray(): array
    {
        return ['order' => (string) $this->number, 'data' => $this->json, 'callback' => $this->callbackUrl];
    }

    /**
     * Another receipt for the same operation, with what was wrong mended.
     *
     * @param string $state what the gateway said of this one last; only of one that failed or was cancelled is it known
     *     that nothing was printed
     */
    public function nextTry(string $state, Receipt $receipt, Account $account): self
    {
        if (!State::isSurelyNotPrinted($state)) {
            throw new ValidationException('submission', 'may be printed, or still will be: ' . $state);
        }
        return self::of($this->number->nextTry(), $receipt, $account);
    }

    public function getNumber(): OrderNumber
    {
        return $this->number;
    }

    /** The package of commands, as it is signed. */
    public function getJson(): string
    {
        return $this->json;
    }

    /** @return array<string, string> the complete, signed form */
    public function form(Account $account): array
    {
        $order = (string) $this->number;
        $url = $this->callbackUrl;
        return [
            'BIT_ACCOUNT_ID' => $account->getId(),
            'BIT_KKT_TOKEN' => $account->getKktToken(),
            'BIT_ORDER_ID' => $order,
            'BIT_DATA' => Signature::encodeData($this->json),
            'BIT_CALLBACK_SUCCESS' => $url,
            'BIT_CALLBACK_FAILED' => $url,
            'BIT_SIGNATURE' => Signature::ofForm(
                $account->getId(),
                $account->getKktToken(),
                $order,
                $this->json,
                $url,
                $url,
                $account->getCode()
            ),
        ];
    }
}
