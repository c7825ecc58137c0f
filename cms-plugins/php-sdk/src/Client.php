<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

use Fiscalgate\Sdk\Exception\ApiException;
use Fiscalgate\Sdk\Exception\TransportException;
use Fiscalgate\Sdk\Http\CurlTransport;
use Fiscalgate\Sdk\Http\Request;
use Fiscalgate\Sdk\Http\Response;
use Fiscalgate\Sdk\Http\StreamTransport;
use Fiscalgate\Sdk\Http\TransportInterface;

/**
 * The gateway, as a shop sees it. Every method makes one request; it throws TransportException where there is no answer
 * and ApiException where the answer is a refusal. Nothing is tried again by itself: RetryPolicy says when to.
 */
final class Client
{
    public const VERSION = '1.0.0';
    /** A status with a longer wait would not come back in the time a transport has. */
    public const MAX_WAIT = 10;
    private const CREATE = '/api/fiscal/create-receipt.php';
    private const VALIDATE = '/api/fiscal/validate';
    private const FORM = 'application/x-www-form-urlencoded';

    private Account $account;
    private TransportInterface $transport;
    private Log $log;
    private string $language;
    /** @var callable */
    private $clock;

    /**
     * @param callable|null $logger (string $level, string $message, array $context); see Log
     * @param string $language of the gateway's messages: "ru" or "en"
     * @param callable|null $clock seconds since 1970, for tests
     */
    public function __construct(
        Account $account,
        ?TransportInterface $transport = null,
        ?callable $logger = null,
        string $language = 'ru',
        ?callable $clock = null
    ) {
        $this->account = $account;
        $this->transport = $transport ?? (function_exists('curl_init') ? new CurlTransport() : new StreamTransport());
        $this->log = new Log($logger, $account->getCode(), $account->getKktToken());
        $this->language = $language;
        $this->clock = $clock ?? 'time';
    }

    /**
     * Hands an operation over. Store the submission first, and post the same one until it is accepted or refused: with
     * its order number it is printed once, however often it comes.
     */
    public function create(Submission $submission): Accepted
    {
        $data = $this->post(self::CREATE, $submission);
        $accepted = new Accepted($data);
        if ($accepted->getId() === '' || ($data['order_id'] ?? '') !== (string) $submission->getNumber()) {
            throw new TransportException('the answer is about something else');
        }
        return $accepted;
    }

    /** The same operation once more, after an answer was lost or the settings were mended: never a second receipt. */
    public function retry(Submission $submission): Accepted
    {
        return $this->create($submission);
    }

    /** Checks an operation as create would; nothing is stored, the order number is not used up. */
    public function validate(Submission $submission): CheckReport
    {
        return new CheckReport($this->post(self::VALIDATE, $submission));
    }

    /** Whether address, account, code, token and regime are right: a receipt over one rouble is checked, not printed. */
    public function checkConnection(int $taxSystem, int $vat): CheckReport
    {
        $receipt = ReceiptBuilder::sale($taxSystem, 100)
            ->addItem(new Item('Проверка связи', 100, Quantity::ONE, $vat))
            ->build(Customer::email('check@example.com'));
        return $this->validate(Submission::of(OrderNumber::sale('check'), $receipt, $this->account));
    }

    /**
     * @param string $id as create, a callback or an event gave it
     * @param int $wait seconds to wait for the end, at most MAX_WAIT
     */
    public function status(string $id, int $wait = 0): Status
    {
        $query = $wait > 0 ? '?wait=' . min($wait, self::MAX_WAIT) : '';
        return new Status($this->send('GET', $this->receiptPath($id) . $query, '/receipts/'));
    }

    /**
     * Takes back what was not sent to the register yet.
     *
     * @return string its state now: State::CANCELLED, or another if it was too late
     */
    public function cancel(string $id): string
    {
        $headers = ['Authorization' => 'Bearer ' . $this->account->getCode(),
            'BIT-Account-ID' => $this->account->getId(), 'Content-Type' => self::FORM];
        $path = $this->receiptPath($id) . '/cancel';
        try {
            return (new Status($this->send('POST', $path, '/cancel', $headers)))->getState();
        } catch (ApiException $e) {
            if ($e->getErrorCode() !== 'conflict') {
                throw $e;
            }
            return $this->status($id)->getState();
        }
    }

    /**
     * The feed of outcomes, for shops that callbacks do not reach.
     *
     * @param int $after what Events::getNext gave last; 0 at first
     */
    public function events(int $after, int $limit = 100, int $wait = 0): Events
    {
        $query = http_build_query(['account' => $this->account->getId(), 'after' => $after, 'limit' => $limit,
            'wait' => max(0, min($wait, self::MAX_WAIT)), 'ts' => ($this->clock)()], '', '&', PHP_QUERY_RFC3986);
        $query .= '&signature=' . Signature::ofEvents($query, $this->account->getCode());
        return new Events($this->send('GET', '/api/fiscal/events?' . $query, '/events'));
    }

    private function receiptPath(string $id): string
    {
        if (preg_match('/^[0-9a-zA-Z-]{10,64}$/D', $id) !== 1) {
            throw new Exception\ValidationException('id', 'is none of the gateway');
        }
        return '/api/fiscal/receipts/' . $id;
    }

    /** @return array<array-key, mixed> */
    private function post(string $path, Submission $submission): array
    {
        $body = http_build_query($submission->form($this->account), '', '&', PHP_QUERY_RFC1738);
        return $this->send('POST', $path, $path, ['Content-Type' => self::FORM], $body, (string) $submission->getNumber());
    }

    /**
     * @param string $name what the log calls it: paths hold ids
     * @param array<string, string> $headers
     * @return array<array-key, mixed>
     */
    private function send(
        string $method,
        string $path,
        string $name,
        array $headers = [],
        string $body = '',
        string $order = ''
    ): array {
        $headers += ['Accept' => 'application/json', 'Accept-Language' => $this->language,
            'User-Agent' => 'Fiscalgate-SDK/' . self::VERSION];
        $request = new Request($method, $this->account->getUrl() . $path, $headers, $body);
        $about = ['request' => $method . ' ' . $name, 'order' => $order];
        try {
            $data = $this->read($this->transport->send($request));
        } catch (TransportException $e) {
            $this->log->write('warning', 'The gateway did not answer', $about + ['error' => $e->getMessage()]);
            throw $e;
        } catch (ApiException $e) {
            $this->log->write($e->isRetryable() ? 'warning' : 'error', 'The gateway refused', $about
                + ['status' => $e->getStatus(), 'code' => $e->getErrorCode(), 'error' => $e->explain()]);
            throw $e;
        }
        $state = (new Map($data))->text('state');
        $this->log->write('info', 'The gateway answered', $about + ['state' => $state]);
        return $data;
    }

    /** @return array<array-key, mixed> */
    private function read(Response $response): array
    {
        $status = $response->getStatus();
        $data = Json::decode($response->getBody());
        if ($status >= 300 && $status < 400) {
            throw new ApiException($status, 'redirect', 'The address of the gateway leads elsewhere (HTTP ' . $status . ')');
        }
        if ($status >= 200 && $status < 300) {
            if (($data['result'] ?? null) !== true) {
                throw new TransportException('the answer is not the gateway\'s');
            }
            return $data;
        }
        $map = new Map($data ?? []);
        $after = $response->getHeader('Retry-After');
        throw new ApiException(
            $status,
            $map->text('code') !== '' ? $map->text('code') : 'http_' . $status,
            $map->text('error') !== '' ? $map->text('error') : 'HTTP ' . $status,
            Fault::listFrom($map->get('errors')),
            Fault::listFrom($map->get('warnings')),
            preg_match('/^\d{1,6}$/D', $after) === 1 ? (int) $after : null
        );
    }
}
