<?php
declare(strict_types=1);

namespace Opencart\Catalog\Controller\Extension\FiscalgateOpencart4\Module;

require_once DIR_EXTENSION . 'fiscalgate_opencart4/system/library/sdk/autoload.php';

use Fiscalgate\Sdk\OpenCart\EventCame;
use Fiscalgate\Sdk\OpenCart\Plugin;

/**
 * What the shop's side of the plugin is called for: the event of a status, results from the gateway, the cron.
 */
class Fiscalgate extends \Opencart\System\Engine\Controller {
	/** The order of the self-test, which no shop has. */
	private const NO_ORDER = 0;

	/** After the model's addHistory; by address it does nothing. */
	public function changed(&$route = '', &$args = [], &$output = null): void {
		$order_id = isset($args[0]) ? (int)$args[0] : self::NO_ORDER;
		if ($order_id !== self::NO_ORDER) {
			$this->plugin()->orderChanged($order_id);
		} elseif ($args && $this->registry->has('fiscalgate_probe')) {
			throw new EventCame();
		}
	}

	/** The gateway posts results here. */
	public function callback(): void {
		if ($_SERVER['REQUEST_METHOD'] !== 'POST') {
			$this->answer(405, 'POST only');
			return;
		}
		$answer = $this->plugin()->callback($_SERVER, (string)file_get_contents('php://input'));
		$this->answer($answer->getStatus(), $answer->getBody());
	}

	/** Sends what could not be sent, and asks after what has no result. */
	public function cron(): void {
		if (!$this->isAllowed()) {
			$this->answer(403, 'token');
			return;
		}
		$this->answer(200, 'receipts looked after: ' . $this->plugin()->cron());
	}

	/** The same for OpenCart's own scheduler, which names the job; by address it does nothing. */
	public function job(int $cron_id = 0, ...$about): void {
		if ($cron_id > 0 && $about) {
			$this->plugin()->cron();
		}
	}

	/** Proves that the event comes: sets a status of an order that is not there. */
	public function probe(): void {
		if (!$this->isAllowed()) {
			$this->answer(403, 'token');
			return;
		}
		$has_fired = false;
		$this->registry->set('fiscalgate_probe', new \stdClass());
		$this->load->model('checkout/order');
		try {
			$this->model_checkout_order->addHistory(self::NO_ORDER, 0);
		} catch (EventCame $e) {
			$has_fired = true;
		}
		$this->response->addHeader('Content-Type: application/json');
		$this->response->setOutput(json_encode(['fired' => $has_fired]));
	}

	private function isAllowed(): bool {
		$token = $this->plugin()->settings()->text('cronToken');
		$given = isset($this->request->get['token']) && is_string($this->request->get['token']) ? $this->request->get['token'] : '';
		return $token !== '' && hash_equals($token, $given);
	}

	private function answer(int $status, string $text): void {
		http_response_code($status);
		$this->response->addHeader('Content-Type: text/plain; charset=utf-8');
		$this->response->setOutput($text);
	}

	private function plugin(): Plugin {
		$log = new \Opencart\System\Library\Log('fiscalgate.log');
		// OpenCart's cron.php does not say which version it is; only orders and events are asked for it.
		return new Plugin($this->db, DB_PREFIX, defined('VERSION') ? VERSION : '4.1', [$log, 'write']);
	}
}
