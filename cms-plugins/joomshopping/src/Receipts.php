<?php

declare(strict_types=1);

namespace Fiscalgate\Plugin\System\Fiscalgate;

use Fiscalgate\Sdk\CallbackAnswer;
use Fiscalgate\Sdk\Client;
use Fiscalgate\Sdk\Exception\ValidationException;
use Fiscalgate\Sdk\Http\TransportInterface;
use Fiscalgate\Sdk\Money;
use Fiscalgate\Sdk\OrderNumber;
use Fiscalgate\Sdk\Receipt;
use Fiscalgate\Sdk\Shop\Desk;
use Fiscalgate\Sdk\Shop\Operation;
use Fiscalgate\Sdk\Submission;
use Fiscalgate\Sdk\Vat;
use Joomla\CMS\Log\Log;
use Joomla\CMS\Uri\Uri;
use Joomla\Database\DatabaseInterface;
use Joomla\Registry\Registry;

/**
 * What the plugin does about an order, whoever asks: a status, a button, the scheduler, the gateway.
 */
final class Receipts
{
    private Settings $settings;
    private Orders $orders;
    private Desk $desk;
    private ?TransportInterface $transport;

    public function __construct(
        Settings $settings,
        Orders $orders,
        Desk $desk,
        ?TransportInterface $transport = null
    ) {
        $this->settings = $settings;
        $this->orders = $orders;
        $this->desk = $desk;
        $this->transport = $transport;
    }

    public static function of(DatabaseInterface $db, Registry $params): self
    {
        $log = [self::class, 'log'];
        return new self(new Settings($params, Uri::root()), new Orders($db), new Desk(new DatabaseStore($db), $log));
    }

    /** @param array<string, scalar|null> $context */
    public static function log(string $level, string $message, array $context = []): void
    {
        $levels = ['error' => Log::ERROR, 'warning' => Log::WARNING];
        $about = json_encode($context, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_PARTIAL_OUTPUT_ON_ERROR);
        Log::add($message . ' ' . $about, $levels[$level] ?? Log::INFO, 'plg_system_fiscalgate');
    }

    /**
     * What a status of an order means for its receipts. No network: that is for `work`.
     *
     * @return bool whether there is something to be handed over
     */
    public function onStatus(int $orderId, ?int $status = null): bool
    {
        $order = $this->settings->isEmpty() ? null : $this->orders->find($orderId);
        if ($order === null) {
            return false;
        }
        $status = $status ?? $order->getStatus();
        $operation = null;
        if ($this->settings->isPaid($status)) {
            $isWanted = $this->settings->wantsPayment($order->getPayment()) && $this->settings->isSince($order->getDate());
            $operation = $isWanted ? $this->sell($order) : null;
        } elseif ($this->settings->isRefunded($status)) {
            $operation = $this->refund($orderId, null);
        }
        return $operation !== null && $operation->getDue() > 0;
    }

    /** The receipt of an order by hand, whatever its status. */
    public function sellByHand(int $orderId): ?Operation
    {
        $order = $this->orders->find($orderId);
        return $order === null ? null : $this->sell($order);
    }

    /**
     * @param int|null $amount kopecks; null is all that is left
     * @return Operation|null null if there is nothing to be given back
     * @throws ValidationException if there is less
     */
    public function refund(int $orderId, ?int $amount): ?Operation
    {
        $left = $this->desk->remaining((string) $orderId);
        if ($left <= 0 && $amount === null) {
            return null;
        }
        $amount = $amount ?? $left;
        if ($amount <= 0 || $amount > $left) {
            throw new ValidationException('refund', 'no more than ' . Money::format(max(0, $left)) . ' can be given back');
        }
        $count = count(array_filter($this->desk->ofOrder((string) $orderId), static function (Operation $known): bool {
            return $known->isRefund();
        }));
        $number = OrderNumber::refund($this->settings->prefix() . $orderId, $count + 1);
        return $this->desk->place($number, (string) $orderId, $amount, $this->makerOf($orderId, $amount));
    }

    /** Another go for what came to nothing. */
    public function retry(string $key): ?Operation
    {
        $operation = $this->desk->find($key);
        if ($operation === null) {
            return null;
        }
        $amount = $operation->isRefund() ? $operation->getTotal() : null;
        return $this->desk->retry($key, $this->makerOf((int) $operation->getOrder(), $amount));
    }

    /** Hands over what the order has, once its buyer has the answer. */
    public function workAtOnce(int $orderId): int
    {
        return $this->settings->isEmpty() ? 0 : $this->desk->workAtOnce($this->client(), (string) $orderId);
    }

    /** Hands over and asks after; from the scheduler, or, of one order, for a button. */
    public function work(int $limit = 20, ?int $orderId = null): int
    {
        $order = $orderId === null ? null : (string) $orderId;
        return $this->settings->isEmpty() ? 0 : $this->desk->work($this->client(), $limit, $order);
    }

    /** @param array<string, mixed> $headers */
    public function receive(array $headers, string $body): CallbackAnswer
    {
        return $this->desk->receive($this->settings->codes(), $headers, $body);
    }

    /** Whether the settings are right; nothing is printed. Throws if they are not. */
    public function check(): void
    {
        $vat = $this->settings->vatOf('22') ?? Vat::NONE;
        $this->client()->checkConnection($this->settings->taxSystem(), $vat);
    }

    /** @return Operation[] */
    public function ofOrder(int $orderId): array
    {
        return $this->desk->ofOrder((string) $orderId);
    }

    public function remaining(int $orderId): int
    {
        return $this->desk->remaining((string) $orderId);
    }

    private function sell(Order $order): ?Operation
    {
        $known = $this->desk->saleOf($order->getId());
        if ($known !== null || $order->getTotal() === 0) {
            return $known;
        }
        $number = OrderNumber::sale($this->settings->prefix() . $order->getId());
        return $this->desk->place($number, $order->getId(), $order->getTotal(), $this->makerOf((int) $order->getId(), null));
    }

    /** @param int|null $refund kopecks; null for the sale */
    private function makerOf(int $orderId, ?int $refund): callable
    {
        return function (OrderNumber $number) use ($orderId, $refund): Submission {
            $receipt = $refund === null ? $this->receiptOf($orderId)
                : $this->desk->soldOf((string) $orderId, Operation::keyOf($number))->refund($refund);
            return Submission::of($number, $receipt, $this->settings->account());
        };
    }

    private function receiptOf(int $orderId): Receipt
    {
        $order = $this->orders->find($orderId);
        if ($order === null) {
            throw new ValidationException('order', 'is not there any more');
        }
        return (new ReceiptMaker($this->settings))->sale($order);
    }

    private function client(): Client
    {
        return new Client($this->settings->account(), $this->transport, [self::class, 'log']);
    }
}
